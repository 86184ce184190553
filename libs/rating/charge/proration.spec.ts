import fc from 'fast-check';
import { monthOf } from '../../time/month.js';
import { prorate, ratioOf } from './proration.js';

const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date);
const month = (year: number, number: number) => monthOf(day(year, number, 1));

describe('ratio of durations', () => {
  it.each([
    // part                                          whole          ratio
    [{ from: day(2026, 11, 1), to: day(2026, 11, 13) }, month(2026, 11), '2/5'],
    [{ from: day(2028, 2, 29), to: day(2028, 3, 1) }, month(2028, 2), '1/29'],
    [{ from: day(2026, 2, 28), to: day(2026, 3, 1) }, month(2026, 2), '1/28'],
    [{ from: day(2026, 11, 1), to: day(2026, 11, 1) }, month(2026, 11), '0/1'],
    [{ from: day(2026, 10, 1), to: day(2026, 12, 9) }, month(2026, 11), '1/1'],
    [{ from: day(2027, 1, 1), to: day(2027, 2, 1) }, month(2026, 11), '0/1'],
    // The night the clocks change in Berlin is a day like any other in UTC.
    [{ from: day(2026, 10, 25), to: day(2026, 10, 26) }, month(2026, 10), '1/31'],
  ])('of %p within %p is %s', (part, whole, expected) => {
    const { numerator, denominator } = ratioOf(part, whole);
    expect(`${numerator}/${denominator}`).toBe(expected);
  });

  it('of an empty period is refused', () => {
    expect(() => ratioOf({ from: 0, to: 1 }, { from: 5, to: 5 })).toThrow('is empty');
  });
});

describe('prorated amount', () => {
  it('is the exact share: 12 of 30 days of 20.00 are 8.00', () => {
    const part = { from: day(2026, 11, 19), to: day(2026, 12, 1) };
    expect(prorate(2_000n, part, month(2026, 11))).toBe(800n);
  });

  it('of spans that tile a month sums to the whole, wherever it is cut', () => {
    const cut = fc.integer({ min: day(2026, 11, 1), max: day(2026, 12, 1) });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.array(cut), (amount, cuts) => {
        const whole = month(2026, 11);
        const ends = [whole.from, ...cuts.toSorted((a, b) => a - b), whole.to];
        const shares = ends
          .slice(1)
          .map((to, index) => prorate(amount, { from: ends[index] as number, to }, whole));
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amount);
      }),
    );
  });
});
