// A published catalog version as the readers hold it: prices in femto-units per unit, limits as whole numbers.
// The document's wire form and its checks are in `catalog-document.ts`; this file is what the checks give.
import type { LimitName } from '../events/account-facts.js';
import type { Quantity, ServiceTier } from '../events/quantities.js';

/** femto-currency-units per unit, one row per quantity; a missing one is unpriced, never zero. */
export type PriceTable = Partial<Record<Quantity, bigint>>;

/** Prices of one adapter class: `any` rows hold for every service tier that has no row of its own. */
export interface AdapterPrices {
  readonly any?: PriceTable;
  readonly byTier: Partial<Record<ServiceTier, PriceTable>>;
}

/** The published prices of one model; adapter rows are by adapter class (`lora`). */
export interface ModelPrices {
  readonly prices: Partial<Record<ServiceTier, PriceTable>>;
  readonly adapters: Readonly<Record<string, AdapterPrices>>;
  readonly about?: ModelFacts;
}

/** What the catalog says about a model beside its prices; null where it says nothing. */
export interface ModelFacts {
  readonly title: string | null;
  readonly status: string | null;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
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
