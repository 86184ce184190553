// One hour of one combination of names in one quantity, summed: what both the limiter's spend and the invoice are rated from.
import type { CountedQuantity } from '../events/digest.js';
import type { ServiceTier } from '../events/quantities.js';

export interface UsageRow {
  /** Start of the UTC hour, epoch ms. */
  readonly hour: number;
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  /** The bound of context-bounds.ts that the requests' inputs exceed, 0 for none: a price may depend on it. */
  readonly context: number;
  /** `requests` rows are counted and never priced. */
  readonly quantity: CountedQuantity;
  /** May be negative in one hour's part of a correction, never in a whole history. */
  readonly units: bigint;
  /** Requests that carried the quantity. */
  readonly events: bigint;
  /** Sums modulo 2^64 (libs/events/digest.ts). */
  readonly digestA: bigint;
  readonly digestB: bigint;
}
