import type { Catalog } from '#libs/rating/catalog.js';
import { catalogCurrencyFaults, catalogTimeFaults } from './decide-catalog.js';

const TEN = Date.UTC(2026, 10, 24, 10);
const HOUR = 3_600_000;
const MINUTE = 60_000;
const version = (effectiveFrom: number, currency = 'USD'): Catalog => ({
  version: `v${effectiveFrom}`,
  effectiveFrom,
  currency,
  models: {},
  tiers: [],
});

describe('time of a catalog version', () => {
  it.each([
    // now                  published            begins         fault
    [TEN, [], TEN - 9_000 * HOUR, undefined],
    [TEN + 1, [], TEN + 1, undefined],
    [TEN - 10 * MINUTE, [TEN - HOUR], TEN, undefined],
    [TEN - 10 * MINUTE + 1, [TEN - HOUR], TEN, 'too_early'],
    [TEN - 10 * MINUTE, [TEN - HOUR], TEN + 1, 'not_a_whole_hour'],
    [TEN - 20 * MINUTE, [TEN - HOUR, TEN], TEN, 'not_after_published'],
    [TEN - 20 * MINUTE, [TEN - HOUR, TEN + 2 * HOUR], TEN + HOUR, 'not_after_published'],
    [TEN - 20 * MINUTE, [TEN - HOUR, TEN], TEN + HOUR, undefined],
  ])('at %s after %j, beginning at %s, is refused as %s', (now, published, begins, expected) => {
    const faults = catalogTimeFaults(
      now,
      published.map((from) => version(from)),
      version(begins),
    );
    expect(faults[0]?.code).toBe(expected);
    expect(faults.every(({ pointer }) => pointer === '/effective_from')).toBe(true);
  });
});

describe('currency of a catalog version', () => {
  it.each([
    [[], 'EUR', 0],
    [['USD'], 'USD', 0],
    [['USD'], 'EUR', 1],
  ])('after %j may be %s with %s faults', (published, currency, expected) => {
    const before = published.map((known) => version(0, known));
    expect(catalogCurrencyFaults(before, version(1, currency))).toHaveLength(expected);
  });
});
