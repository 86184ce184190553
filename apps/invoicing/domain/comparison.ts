// An organization's usage at another provider's published prices, the way that provider prices it.
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import type { UsageRow } from '#libs/rating/usage-row.js';

/** Published prices of one model: femto-USD per unit, by service tier and pool. */
export type ListedPrices = Partial<Record<ServiceTier, Partial<Record<Quantity, ListedPrice>>>>;

export interface ListedPrice {
  readonly femtoPerUnit: bigint;
  /** Ascending; the last one that the input exceeds prices the whole request. */
  readonly aboveContext: readonly { readonly tokens: number; readonly femtoPerUnit: bigint }[];
}

export interface Priced {
  readonly totalFemto: bigint;
  /** Pools that the provider has no price for: they are not in the total. */
  readonly unpriced: ReadonlyMap<Quantity, bigint>;
  /** Service tiers that the provider does not offer: their usage is priced as on demand, which it would be there. */
  readonly atOnDemand: readonly ServiceTier[];
}

// What a provider without a row of its own charges as: a write to a cache that is not priced is input, an image is its tokens.
const CHARGED_AS: Partial<Record<Quantity, readonly Quantity[]>> = {
  cached_input: ['input'],
  cache_write_5m: ['input'],
  cache_write_1h: ['cache_write_5m', 'input'],
  reasoning: ['output'],
  image_input: ['input'],
};

/** The usage of one model at the prices of another; a tier of 1,000 tokens at 5 femto each is 5000. */
export function priceAtListed(rows: readonly UsageRow[], prices: ListedPrices): Priced {
  const unpriced = new Map<Quantity, bigint>();
  const atOnDemand = new Set<ServiceTier>();
  let totalFemto = 0n;
  for (const { quantity, serviceTier, units, context } of rows) {
    if (quantity === 'requests' || units === 0n) continue;
    const own = priceIn(prices, serviceTier, quantity);
    const price = own ?? priceIn(prices, 'on_demand', quantity);
    if (!price) {
      unpriced.set(quantity, (unpriced.get(quantity) ?? 0n) + units);
      continue;
    }
    if (!own) atOnDemand.add(serviceTier);
    const above = price.aboveContext.findLast(({ tokens }) => tokens <= context);
    totalFemto += units * (above ?? price).femtoPerUnit;
  }
  return { totalFemto, unpriced, atOnDemand: [...atOnDemand].toSorted() };
}

function priceIn(
  prices: ListedPrices,
  serviceTier: ServiceTier,
  quantity: Quantity,
): ListedPrice | undefined {
  const table = prices[serviceTier];
  if (!table) return undefined;
  const names = [quantity, ...(CHARGED_AS[quantity] ?? [])];
  return names.map((name) => table[name]).find((price) => price !== undefined);
}

/** Whole days from the day of a list (`2026-08-06`) to now. */
export function ageInDays(asOf: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(`${asOf}T00:00:00Z`)) / 86_400_000));
}
