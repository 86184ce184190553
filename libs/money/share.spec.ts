import fc from 'fast-check';
import { shareOut } from './share.js';

describe('shares by weight', () => {
  it.each([
    // total  weights          shares            case
    [600n, [10n, 5n], [400n, 200n], 'no remainder'],
    [5n, [1n, 1n, 1n], [2n, 2n, 1n], 'ties go to the earlier one'],
    [1n, [100n, 1n], [1n, 0n], 'less than one each'],
    [100n, [1n, 2n], [33n, 67n], 'the larger remainder gets it'],
    [0n, [1n, 0n], [0n, 0n], 'nothing to share'],
    [-5n, [1n, 1n, 1n], [-2n, -2n, -1n], 'a refund mirrors its charge'],
    [7n, [0n, 3n], [0n, 7n], 'a weight of zero gets nothing'],
  ])('%s by %p is %p (%s)', (total, weights, shares) => {
    expect(shareOut(total, weights)).toEqual(shares);
  });

  it.each([[[]], [[0n]], [[1n, -1n]]])('cannot be cut by %p', (weights) => {
    expect(() => shareOut(1n, weights)).toThrow(RangeError);
  });

  it('sum to the total and are within one of exact', () => {
    const weights = fc.array(fc.bigInt({ min: 1n, max: 10n ** 20n }), { minLength: 1 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), weights, (total, list) => {
        const shares = shareOut(total, list);
        const sum = list.reduce((all, weight) => all + weight, 0n);
        expect(shares.reduce((all, share) => all + share, 0n)).toBe(total);
        for (const [index, share] of shares.entries()) {
          const exact = total * (list[index] as bigint);
          expect(share * sum > exact - sum && share * sum < exact + sum).toBe(true);
        }
      }),
    );
  });
});
