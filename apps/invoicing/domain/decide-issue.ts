// Whether a drafted invoice may be issued, and if not, why: the reason is what a billing run lists.
import { formatMinor } from '#libs/money/money.js';
import type { Invoice } from './invoice.js';

export type IssueDecision =
  | { readonly outcome: 'issue' }
  /** Nothing was used and nothing is owed: no document, and the month is closed. */
  | { readonly outcome: 'empty' }
  /** A price is missing: it is issued by a later run, once the catalog has it. */
  | { readonly outcome: 'blocked'; readonly reason: 'suspense'; readonly detail: string }
  /** It is implausible: a person must look first. */
  | { readonly outcome: 'parked'; readonly reason: ParkReason; readonly detail: string };

export type ParkReason = 'negative_total' | 'above_ceiling' | 'above_previous';

/** What a total may be without a person; whole units of the invoice's currency. */
export interface ParkBounds {
  /** So many times the organization's previous total; 0 is no such bound. */
  readonly factor: number;
  /** Totals up to this are never parked for the factor: 0.50 after 0.01 is no alarm. */
  readonly floor: number;
  /** No total above it; null is none. */
  readonly ceiling: number | null;
}

export const NO_BOUNDS: ParkBounds = { factor: 0, floor: 0, ceiling: null };

/**
 * Suspense comes first: what is unpriced may be what is wrong with the sums. `previousMinor` is the total of the organization's
 * last invoice of an earlier month, undefined when there is none: then there is nothing to compare with.
 */
export function decideIssue(
  invoice: Invoice,
  bounds: ParkBounds = NO_BOUNDS,
  previousMinor?: bigint,
): IssueDecision {
  const [first] = invoice.suspense;
  if (first) {
    const more = invoice.suspense.length - 1;
    return {
      outcome: 'blocked',
      reason: 'suspense',
      detail: `${first.units} of ${first.model} ${first.quantity} (${first.serviceTier}) have no price${more > 0 ? `, and ${more} more` : ''}`,
    };
  }
  if (invoice.lines.length === 0) return { outcome: 'empty' };
  if (invoice.totalMinor < 0n)
    return {
      outcome: 'parked',
      reason: 'negative_total',
      detail: `the total is ${invoice.totalMinor} minor units of ${invoice.currency}`,
    };
  return implausible(invoice, bounds, previousMinor) ?? { outcome: 'issue' };
}

function implausible(
  { totalMinor, digits, currency }: Invoice,
  { factor, floor, ceiling }: ParkBounds,
  previousMinor: bigint | undefined,
): IssueDecision | undefined {
  const minor = (whole: number): bigint => BigInt(whole) * 10n ** BigInt(digits);
  const total = `the total is ${formatMinor(totalMinor, digits)} ${currency}`;
  if (ceiling !== null && totalMinor > minor(ceiling)) {
    const detail = `${total}, above the ceiling of ${ceiling}`;
    return { outcome: 'parked', reason: 'above_ceiling', detail };
  }
  if (factor === 0 || previousMinor === undefined || totalMinor <= minor(floor)) return undefined;
  if (totalMinor <= BigInt(factor) * previousMinor) return undefined;
  const detail = `${total}, more than ${factor} times ${formatMinor(previousMinor, digits)} before`;
  return { outcome: 'parked', reason: 'above_previous', detail };
}
