import { byModel } from './comparison.js';

describe('a comparison', () => {
  it('has a part for each own model, in the order of the rows', () => {
    const row = (model: string, provider: string) => ({ model, provider, own_exact: '1.5' });
    const rows = [row('b', 'x'), row('a', 'y'), row('b', 'z')];
    expect(byModel(rows)).toEqual([
      { model: 'b', own_exact: '1.5', rows: [rows[0], rows[2]] },
      { model: 'a', own_exact: '1.5', rows: [rows[1]] },
    ]);
  });

  it('of nothing has no parts', () => {
    expect(byModel([])).toEqual([]);
  });
});
