// A published catalog version as the readers hold it: prices as charge models in femto-units, limits as whole numbers.
// The document's wire form and its checks are in `catalog-document.ts`; this file is what the checks give.
import type { LimitName } from '../events/account-facts.js';
import type { Quantity, ServiceTier } from '../events/quantities.js';
import type { EventMapping } from './ingest-mappings.js';
import type { Price } from './price-cell.js';

/** One row per quantity; a missing one is unpriced, never zero. */
export type PriceTable = Partial<Record<Quantity, Price>>;

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
  /** What comes off usage, what a month costs at least and at most; absent where the tier says nothing. */
  readonly contract?: Contract;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, LimitTable>>;
  /** Prices of this tier that replace the model's own rows, same shape (LoRA without surcharge on Enterprise). */
  readonly prices: Readonly<Record<string, ModelPrices>>;
}

/** Conditions for all usage of a month; money in femto-units, absent or null where nothing is agreed. */
export interface Contract {
  /** Millionths of a percent: 10 % is 10000000n. */
  readonly discount?: bigint | null;
  readonly minimumFemto?: bigint | null;
  readonly maximumFemto?: bigint | null;
}

export interface Catalog {
  readonly version: string;
  readonly effectiveFrom: number;
  readonly currency: string;
  readonly models: Readonly<Record<string, ModelPrices>>;
  /** In the document's order, which is the path of upgrades: free, developer, enterprise. */
  readonly tiers: readonly TierTerms[];
  /** How events of foreign types are read, by event type. */
  readonly mappings?: Readonly<Record<string, EventMapping>>;
}
