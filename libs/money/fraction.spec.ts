import fc from 'fast-check';
import { roundFraction, shareFractions } from './fraction.js';

describe('a fraction', () => {
  it.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-5n, 2n, -2n],
    [-7n, 2n, -4n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [-2n, 3n, -1n],
    [0n, 9n, 0n],
  ])('%s/%s is rounded to %s', (of, over, expected) => {
    expect(roundFraction({ of, over })).toBe(expected);
  });

  it('and others are rounded once, by largest remainder; what takes no part gets nothing', () => {
    const of = [1n, null, 1n, 1n].map((one) => (one === null ? null : { of: one, over: 2n }));
    expect(shareFractions(of, 2n)).toEqual({ total: 2n, shares: [1n, null, 1n, 0n] });
    expect(shareFractions([], 2n)).toEqual({ total: 0n, shares: [] });
  });

  it('of any kind have shares that sum to the rounded sum and are off by less than one', () => {
    const parts = fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), { maxLength: 20 });
    fc.assert(
      fc.property(parts, fc.bigInt({ min: 1n, max: 10n ** 12n }), (list, over) => {
        const { total, shares } = shareFractions(
          list.map((of) => ({ of, over })),
          over,
        );
        const sum = list.reduce((all, one) => all + one, 0n);
        expect(total).toBe(roundFraction({ of: sum, over }));
        expect(shares.reduce<bigint>((all, one) => all + (one ?? 0n), 0n)).toBe(total);
        for (const [index, share] of shares.entries()) {
          const off = (share ?? 0n) * over - (list[index] as bigint);
          expect(off < over && off > -over).toBe(true);
        }
      }),
    );
  });
});
