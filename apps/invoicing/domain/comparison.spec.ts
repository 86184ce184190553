import type { UsageRow } from '#libs/rating/usage-row.js';
import { ageInDays, type ListedPrices, priceAtListed } from './comparison.js';

const price = (femtoPerUnit: bigint, ...above: [number, bigint][]) => ({
  femtoPerUnit,
  aboveContext: above.map(([tokens, femto]) => ({ tokens, femtoPerUnit: femto })),
});

const row = (part: Partial<UsageRow> = {}): UsageRow => ({
  hour: 0,
  model: 'llama',
  serviceTier: 'on_demand',
  adapter: null,
  context: 0,
  quantity: 'input',
  units: 10n,
  events: 1n,
  digestA: 0n,
  digestB: 0n,
  ...part,
});

const PRICES: ListedPrices = {
  on_demand: { input: price(5n, [128_000, 7n]), output: price(20n) },
  batch: { input: price(2n), cached_input: price(1n) },
};

describe('usage at listed prices', () => {
  it.each<[string, Partial<UsageRow>, bigint]>([
    ['input', {}, 50n],
    ['output', { quantity: 'output' }, 200n],
    ['reasoning as output', { quantity: 'reasoning' }, 200n],
    ['cached input as input where it has no price of its own', { quantity: 'cached_input' }, 50n],
    [
      'cached input of a batch at its price',
      { quantity: 'cached_input', serviceTier: 'batch' },
      10n,
    ],
    ['a cache write as input', { quantity: 'cache_write_1h' }, 50n],
    ['a batch', { serviceTier: 'batch' }, 20n],
    ['a tier that is not offered as on demand', { serviceTier: 'flex' }, 50n],
    ['a pool that the tier lacks as on demand', { serviceTier: 'batch', quantity: 'output' }, 200n],
    ['a long input', { context: 200_000 }, 70n],
    ['requests as nothing', { quantity: 'requests' }, 0n],
    ['what was voided as less', { units: -3n }, -15n],
  ])('prices %s', (_, part, total) => {
    expect(priceAtListed([row(part)], PRICES).totalFemto).toBe(total);
  });

  it('names what has no price, and tiers that are not offered', () => {
    const rows = [row(), row({ quantity: 'audio_input' }), row({ quantity: 'audio_input' })];
    expect(priceAtListed([...rows, row({ serviceTier: 'flex' })], PRICES)).toEqual({
      totalFemto: 100n,
      unpriced: new Map([['audio_input', 20n]]),
      atOnDemand: ['flex'],
    });
  });
});

describe('the age of a list', () => {
  it.each([
    ['2026-08-06', '2026-08-06T23:59:59Z', 0],
    ['2026-08-06', '2026-08-07T00:00:00Z', 1],
    ['2026-08-06', '2026-11-25T12:00:00Z', 111],
    ['2026-08-06', '2026-08-01T00:00:00Z', 0],
  ])('of %s on %s is %i days', (asOf, now, days) => {
    expect(ageInDays(asOf, Date.parse(now))).toBe(days);
  });
});
