import { formatMonth, monthOf, parseMonth } from './month.js';

describe('month', () => {
  it('is half-open and in UTC', () => {
    const november = parseMonth('2026-11');
    expect(november).toEqual({ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) });
    expect(monthOf(Date.UTC(2026, 11, 1) - 1)).toEqual(november);
    expect(monthOf(Date.UTC(2026, 11, 1))).toEqual(parseMonth('2026-12'));
  });

  it('crosses the year', () => {
    expect(parseMonth('2026-12')?.to).toBe(Date.UTC(2027, 0, 1));
    expect(formatMonth({ from: Date.UTC(2027, 0, 1), to: Date.UTC(2027, 1, 1) })).toBe('2027-01');
  });

  it.each(['2026-13', '2026-00', '2026-1', '26-11', '2026-11-01'])('refuses %s', (text) => {
    expect(parseMonth(text)).toBeUndefined();
  });
});
