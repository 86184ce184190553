import { listReport, readingReport } from './price-list-report.js';

describe('report of a price list', () => {
  const refused = [
    { entry: 'a', reason: '0.0833333 is finer than a femto' },
    { entry: 'b', reason: '1.5e-16 is finer than a femto' },
    { entry: 'c', reason: 'has no prices' },
  ];
  const leftOut = [{ entry: 'd', field: 'input_cost_per_image', reason: 'not counted' }];
  const text = listReport('List', { models: [], refused, leftOut });

  it.each([
    '0 of 3 entries are taken, 3 are not:',
    '| 2 | a price is finer than a femto | `a` |',
    '| 1 | has no prices | `c` |',
    '| 1 | `input_cost_per_image`: not counted | `d` |',
  ])('has the line %s', (line) => {
    expect(text.split('\n')).toContain(line);
  });

  it('counts readings, the most first', () => {
    const counts = new Map([
      ['different', 1],
      ['equal', 1_200],
    ]);
    expect(readingReport(counts).split('\n').slice(-2)).toEqual([
      '| 1,200 | equal |',
      '| 1 | different |',
    ]);
  });
});
