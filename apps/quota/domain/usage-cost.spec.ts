import type { Quantities } from '#libs/events/quantities.js';
import { NOON, requestOf, termsOf } from '../test/standings.js';
import { mostFemto } from './usage-cost.js';

describe('cost of told usage', () => {
  it.each<[Quantities, bigint, string]>([
    [{}, 0n, 'nothing'],
    [{ input: 100, output: 10 }, 600_000_000_000n, 'each pool at its own price'],
    [{ cached_input: 100 }, 250_000_000_000n, 'cached input at its own'],
    [{ reasoning: 10 }, 100_000_000_000n, 'a pool without a price at the dearest of its side'],
    [{ searches: 3 }, 0n, 'what nothing prices costs nothing yet'],
  ])('of %p is %s (%s)', (used, femto, _why) => {
    const reservation = { request: requestOf(), madeAt: NOON };
    expect(mostFemto(termsOf(), reservation, used, NOON)).toBe(femto);
  });

  it('is nothing on a free tier', () => {
    const reservation = { request: requestOf(), madeAt: NOON };
    expect(mostFemto(termsOf({ tier: 'free' }), reservation, { input: 9 }, NOON)).toBe(0n);
  });
});
