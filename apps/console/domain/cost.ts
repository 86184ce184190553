// What usage costs by the published document; exact, in femto-currency-units, as the rater computes it: quantity × price.
import { femtoPerUnit, priceOn, type Published } from './published.js';

/** Units per pool of one model, service tier and adapter. */
export interface PricedUsage {
  readonly model: string;
  readonly serviceTier: string;
  readonly adapter: string | null;
  readonly units: Readonly<Record<string, bigint>>;
}

export interface PoolCost {
  readonly pool: string;
  readonly units: bigint;
  /** USD per million; undefined when the pool is unpriced on this tier. */
  readonly price: string | undefined;
  readonly femto: bigint | undefined;
}

export interface Cost {
  /** By published price; what is unpriced is not in it. */
  readonly femto: bigint;
  readonly pools: readonly PoolCost[];
  /** Used pools without a price: the sum is not the whole cost. */
  readonly unpriced: readonly string[];
}

/** The list price of usage on a tier. On a free tier it is what the usage would have cost. */
export function listCost(document: Published, tier: string, usage: PricedUsage): Cost {
  const { model, serviceTier, adapter } = usage;
  const pools = Object.entries(usage.units)
    .filter(([, units]) => units > 0n)
    .map(([pool, units]) => {
      const price = priceOn(document, tier, { model, serviceTier, adapter, pool });
      const femto = femtoPerUnit(price);
      return { pool, units, price, femto: femto === undefined ? undefined : femto * units };
    });
  return {
    femto: pools.reduce((sum, { femto }) => sum + (femto ?? 0n), 0n),
    pools,
    unpriced: pools.filter(({ femto }) => femto === undefined).map(({ pool }) => pool),
  };
}

/** What all of it costs on a tier at list price; `unpriced` counts the rows with a pool that has no price. */
export function listCostOfAll(
  document: Published,
  tier: string,
  usages: readonly PricedUsage[],
): { readonly femto: bigint; readonly unpriced: number } {
  const costs = usages.map((usage) => listCost(document, tier, usage));
  return {
    femto: costs.reduce((sum, { femto }) => sum + femto, 0n),
    unpriced: costs.filter(({ unpriced }) => unpriced.length > 0).length,
  };
}
