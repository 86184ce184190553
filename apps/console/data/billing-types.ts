// The bodies of billing: invoices, credits, and what others charge; counts bigint and money decimal text, as in types.ts.
import type { ListedPrices } from '../domain/listed-prices.js';
import type { Page, Range } from './types.js';

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
  readonly taxes: readonly Tax[];
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

/** A rate as a document charges it, or gives it back. */
export interface Tax {
  readonly name?: string;
  /** "19" is 19 %. */
  readonly percent?: string;
  /** "inclusive": the prices contain it. */
  readonly behavior?: 'exclusive' | 'inclusive';
  /** Why it is not charged. */
  readonly exemption?: { readonly kind: string; readonly reason: string } | null;
  readonly note?: string | null;
  readonly amount?: string;
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
  /** What was asked for. */
  readonly model: string | null;
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
  readonly taxes?: readonly Tax[];
  readonly total: string;
}
