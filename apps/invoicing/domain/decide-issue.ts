// Whether a drafted invoice may be issued, and if not, why: the reason is what a billing run lists.
import type { Invoice } from './invoice.js';

export type IssueDecision =
  | { readonly outcome: 'issue' }
  /** Nothing was used and nothing is owed: no document, and the month is closed. */
  | { readonly outcome: 'empty' }
  /** A price is missing: it is issued by a later run, once the catalog has it. */
  | { readonly outcome: 'blocked'; readonly reason: 'suspense'; readonly detail: string }
  /** It is implausible: a person must look first. */
  | { readonly outcome: 'parked'; readonly reason: 'negative_total'; readonly detail: string };

/** Suspense comes first: what is unpriced may be what is wrong with the sums. */
export function decideIssue(invoice: Invoice): IssueDecision {
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
  return { outcome: 'issue' };
}
