// An organization's own terms in the words of a catalog document, as facts carry them.

/**
 * A price as a catalog document writes it: a decimal per million units, or a charge model (libs/rating/price-cell-schema.ts checks and
 * reads it).
 */
export type WrittenPrice = string | Readonly<Record<string, unknown>>;

/** An organization's own conditions for all of its usage, as they are written; null lifts the tier's, an absent one leaves it. */
export interface WrittenContract {
  readonly discount_percent?: string | null;
  readonly minimum_commitment?: string | null;
  readonly maximum_charge?: string | null;
}
