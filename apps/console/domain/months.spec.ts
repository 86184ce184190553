import { lastMonths } from './months.js';

describe('last months', () => {
  it('run back over the turn of the year', () => {
    expect(lastMonths(Date.parse('2026-02-28T23:59:59Z'), 3)).toEqual([
      '2026-02',
      '2026-01',
      '2025-12',
    ]);
  });
});
