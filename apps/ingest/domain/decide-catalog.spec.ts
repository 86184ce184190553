import type { Catalog } from '#libs/rating/catalog.js';
import { catalogCurrencyFaults, catalogTimeFaults, droppedTierFaults } from './decide-catalog.js';

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

describe('tiers of a catalog version', () => {
  const withTiers = (...names: string[]): Catalog => ({
    ...version(TEN),
    tiers: names.map((name) => ({ name }) as Catalog['tiers'][number]),
  });
  const used = [
    { tier: 'free', organizations: 3 },
    { tier: 'never-published', organizations: 1 },
  ];

  it.each([
    // published          next                 in use   faults
    [['free', 'pro'], ['free'], used, []],
    [['free', 'pro'], ['pro'], used, ['"free" is gone, and 3 organizations']],
    [['free', 'pro'], ['pro'], [], []],
  ])('after %j may be %j', (before, after, tiers, details) => {
    const faults = droppedTierFaults(tiers, [withTiers(...before)], withTiers(...after));
    expect(faults.map(({ code }) => code)).toEqual(details.map(() => 'tier_in_use'));
    for (const [index, detail] of details.entries())
      expect(faults[index]?.detail).toContain(detail);
  });

  it('of the first version may be any', () => {
    expect(droppedTierFaults(used, [], withTiers())).toEqual([]);
  });
});
