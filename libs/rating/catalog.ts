// A published catalog version as the readers hold it: prices in femto-units per unit, limits as whole numbers.
// The document's wire form and its checks are in `catalog-document.ts`; this file is what the checks give.
import type { LimitName } from '../events/account-facts.js';
import type { Quantity, ServiceTier } from '../events/quantities.js';

/** femto-currency-units per unit, one row per quantity; a missing one is unpriced, never zero. */
export type PriceTable = Partial<Record<Quantity, bigint>>;

/** The published prices of one model. Adapter rows are by adapter class (`lora`); `null` tier rows hold for every service tier. */
export interface ModelPrices {
  readonly prices: Partial<Record<ServiceTier, PriceTable>>;
  readonly adapters: Readonly<
    Record<
      string,
      { readonly any?: PriceTable; readonly byTier: Partial<Record<ServiceTier, PriceTable>> }
    >
  >;
}

export type LimitTable = Partial<Record<LimitName, number | null>>;

export interface TierTerms {
  readonly name: string;
  readonly title: string;
  /** Decimal string; null where the fee is by contract. */
  readonly monthlyFee: string | null;
  readonly usage: 'free' | 'metered' | 'contract';
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, LimitTable>>;
  /** Prices of this tier that replace the model's own rows, same shape (LoRA without surcharge on Enterprise). */
  readonly prices: Readonly<Record<string, ModelPrices>>;
}

export interface Catalog {
  readonly version: string;
  readonly effectiveFrom: number;
  readonly currency: string;
  readonly models: Readonly<Record<string, ModelPrices>>;
  /** In the document's order, which is the path of upgrades: free, developer, enterprise. */
  readonly tiers: readonly TierTerms[];
}
