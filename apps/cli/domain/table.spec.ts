import { grouped, textTable } from './table.js';

describe('text table', () => {
  it('sets numbers to the right and words to the left', () => {
    expect(
      textTable(
        ['pool', 'units'],
        [
          ['input', '1,200'],
          ['output', '7'],
        ],
      ),
    ).toEqual(['pool    units', 'input   1,200', 'output      7']);
  });

  it('groups thousands of any size', () => {
    expect(grouped(2n ** 60n)).toBe('1,152,921,504,606,846,976');
  });
});
