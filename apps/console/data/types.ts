// The bodies of the contract (http-contract.md) as `parseExact` gives them, counts bigint and money decimal text; longer than a file
// should be, because the contract is one list.
import type { ListedPrices } from '../domain/listed-prices.js';

export interface AsOf {
  readonly caught_up_at: string | null;
  readonly lag_ms: bigint | null;
}

export interface Session {
  /** The organization that the key is bound to; null for one that is bound to none. */
  readonly organization: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

export interface Plan {
  readonly tier: string;
  readonly title: string;
  readonly monthly_fee: string | null;
  readonly usage: 'free' | 'metered' | 'contract' | null;
  readonly since: string;
  readonly next?: { readonly tier: string; readonly from: string };
  readonly features: readonly string[];
}

export interface Limit {
  readonly name: string;
  /** null: no limit. */
  readonly limit: bigint | null;
  readonly used: bigint | null;
  readonly remaining: bigint | null;
  readonly window_seconds: bigint;
  /** Go duration text; null when never (a limit of 0 that was used) or without a limit. */
  readonly full_in: string | null;
}

export interface Limits {
  readonly organization: string;
  readonly plan: Plan;
  readonly profile: string;
  readonly models: readonly { readonly model: string; readonly limits: readonly Limit[] }[];
  readonly as_of: AsOf;
}

export interface Spend {
  readonly organization: string;
  readonly period: Range;
  readonly currency: string;
  readonly spent_exact: string;
  readonly held_exact: string;
  readonly limit: string | null;
  readonly remaining_exact: string | null;
  readonly mode: 'hard' | 'soft' | null;
  readonly alerts: readonly { readonly percent: bigint; readonly reached_at: string | null }[];
  readonly forecast: string | null;
  readonly blocked: boolean;
  readonly list_exact?: string;
  readonly free_exact?: string;
  readonly as_of: AsOf;
}

export interface Range {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

export interface UsageRow extends Range {
  readonly model?: string | null;
  readonly project?: string | null;
  readonly service_tier?: string | null;
  readonly adapter?: string | null;
  readonly api_key?: string | null;
  readonly requests: bigint;
  readonly tokens: Readonly<Record<string, bigint>>;
  readonly audio_ms: bigint;
  readonly characters: bigint;
  readonly images: bigint;
  readonly searches: bigint;
}

export interface InvoiceLine extends Range {
  readonly line: bigint;
  readonly kind: 'usage' | 'fee' | 'commitment' | 'credit' | 'adjustment' | 'tax';
  readonly description?: string | null;
  readonly model: string | null;
  readonly service_tier: string | null;
  readonly adapter: string | null;
  readonly pool: string | null;
  readonly quantity: bigint | null;
  readonly unit: string | null;
  readonly price_per_million: string | null;
  readonly amount_exact: string;
  readonly amount: string;
  readonly catalog_version: string | null;
  readonly events: bigint | null;
}

export interface Invoice {
  readonly number: string | null;
  readonly state: 'draft' | 'parked' | 'issued' | 'paid' | 'void';
  readonly organization: string;
  readonly bill_to?: BillTo;
  readonly period: Range;
  readonly currency: string;
  readonly issued_at: string | null;
  readonly due_at: string | null;
  readonly lines: readonly InvoiceLine[];
  readonly subtotal_exact: string;
  readonly subtotal: string;
  readonly taxes: readonly {
    readonly name?: string;
    /** "19" is 19 %. */
    readonly percent?: string;
    readonly note?: string | null;
    readonly amount?: string;
  }[];
  readonly credits_applied: string;
  readonly total: string;
  readonly amount_due: string;
  /** What became of it; absent while nothing did. */
  readonly paid?: string;
  readonly credited?: string;
  readonly refund_due?: string;
  readonly voided_at?: string | null;
  readonly suspense?: readonly UnpricedUsage[];
}

/** Whom the invoice is addressed to, as it was when it was issued. */
export interface BillTo {
  readonly name: string;
  readonly legal_name: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly tax_ids: readonly string[];
}

export interface UnpricedUsage {
  readonly model: string;
  readonly pool: string;
  readonly quantity: bigint;
  readonly unit: string;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export interface SpendLimit {
  readonly project: string | null;
  readonly amount: string | null;
  readonly mode: 'hard' | 'soft';
  readonly alerts: readonly bigint[];
  readonly effective_from: string;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly tier: string;
  readonly profile: 'groq' | 'openai';
  readonly legal_name: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly tax_ids: readonly string[];
  readonly timezone_label: string | null;
  readonly registered_at: string;
  readonly spend_limit: SpendLimit | null;
  readonly keys: readonly ApiKey[];
}

export interface Decision {
  readonly id: string;
  readonly at: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly outcome: 'admitted' | 'refused';
  readonly tier?: string;
  readonly violated: readonly Violation[];
  readonly contributors: readonly Contributor[];
  /** Every bucket of the model as it stood, in the way or not. */
  readonly windows?: readonly (Limit & { readonly scope?: string })[];
  /** Decided from a bounded local lease, while the database was away. */
  readonly leased?: boolean;
  readonly answer: {
    readonly status: bigint;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: unknown;
  } | null;
}

export interface Violation {
  readonly name: string;
  readonly kind?: 'bucket' | 'too_large' | 'excess_block' | 'spend_limit' | 'credit';
  readonly scope?: 'organization' | 'project';
  readonly limit: bigint | string | null;
  readonly used: bigint | string | null;
  readonly requested: bigint | string | null;
  readonly retry_in: string | null;
}

export interface Contributor {
  readonly reservation?: string | null;
  readonly event?: string | null;
  readonly tokens?: bigint | null;
  readonly at: string;
  /** How much of it still counted, as the limit counts. */
  readonly counts?: bigint | null;
  readonly frees_at?: string | null;
}

/** How surely a provider's model is the own one: the same name, a known alias, the same family. */
export type MatchKind = 'exact' | 'alias' | 'family';

/** The price list that a price is from. */
export interface ListOrigin {
  readonly source: string;
  readonly title?: string | null;
  readonly url?: string | null;
  /** The day of the list. */
  readonly as_of: string;
}

/** A model of another provider at its published prices; `match` says how surely it is the one that was asked for. */
export interface ListedModel extends ListOrigin {
  readonly provider: string;
  readonly matched_model: string;
  readonly match: MatchKind | null;
  readonly currency: string;
  readonly prices: ListedPrices;
}

export interface ListedModels extends Page<ListedModel> {
  readonly price_lists: readonly ListOrigin[];
}

export interface ComparisonRow extends ListOrigin {
  readonly provider: string;
  readonly model: string;
  readonly matched_model: string;
  readonly match: MatchKind;
  readonly total_exact: string;
  readonly currency: string;
  readonly own_exact: string;
  readonly own_currency: string;
  /** Pools that the provider has no price for: they are not in the total. */
  readonly unpriced: readonly { readonly pool: string; readonly quantity: bigint }[];
}

export interface Comparison extends Page<ComparisonRow> {
  readonly own: { readonly total_exact: string; readonly currency: string };
  readonly price_lists?: readonly ListOrigin[];
  /** Own models that nobody in the lists has. */
  readonly unmatched: readonly string[];
}

/** One change of usage that a line of an invoice counts. */
export interface LineEvent {
  readonly id: string;
  readonly source: string;
  readonly kind: 'recorded' | 'voided' | 'corrected';
  readonly time: string;
  readonly position: {
    readonly topic: string;
    readonly partition: bigint;
    readonly offset: bigint;
  };
  /** Signed: usage that was taken off is below zero. */
  readonly quantity: bigint;
}

/** An invoice made again from the log, and compared with the stored one. */
export interface Verification {
  readonly equal: boolean;
  readonly bytes_equal: boolean;
  /** Metered events of the organization below the cut. */
  readonly events: bigint;
  readonly differences: readonly {
    readonly path: string;
    readonly stored: unknown;
    readonly derived: unknown;
  }[];
}

/** Prepaid credits and what is left of them; `pending` is what months without an invoice will take as they stand. */
export interface CreditBalance {
  readonly currency: string;
  readonly pending: string;
  readonly available: string;
  readonly credits: readonly {
    readonly id: string;
    readonly note: string | null;
    readonly granted_at: string;
    readonly expires_at: string | null;
    readonly state: string;
    readonly amount: string;
    readonly used: string;
    readonly remaining: string;
  }[];
}

export interface CreditNote {
  readonly number: string;
  readonly invoice: string;
  readonly issued_at: string;
  readonly currency: string;
  readonly reason: string;
  readonly total: string;
}
