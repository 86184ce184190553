// Prepaid credit as a limit. A tier whose features name `prepaid` in the catalog spends what was paid before and nothing else.
import { minorDigits } from '#libs/money/currency.js';
import { burntBy, creditsLeftFemto, type MonthDue } from '#libs/rating/credit-burn.js';
import { type Terms, termsAt } from '#libs/rating/price-book.js';
import type { Violation } from './decision.js';
import { spendOf, type Standing, takenFemto, WHOLE } from './standing.js';

/** The feature of a tier that makes credits the limit of what is spent. */
export const PREPAID = 'prepaid';

/** Whether credits limit the organization's spend at an instant. */
export function isPrepaid(terms: Terms, at: number): boolean {
  return termsAt(terms, at)?.tier.features.includes(PREPAID) ?? false;
}

/**
 * What is left of the credits at an instant for usage of its month: months before it took from the credits that were in force in them, as
 * their invoices do, and the fees of its own month are theirs too. Never below 0.
 */
export function creditLeftFemto(
  { account }: Terms,
  months: readonly MonthDue[],
  { at, feesFemto }: { readonly at: number; readonly feesFemto: bigint },
): bigint {
  const digits = minorDigits(account.profile.currency);
  const burnt = burntBy(account.credits, months, digits);
  const left = creditsLeftFemto(account.credits, burnt, { digits, at }) - feesFemto;
  return left > 0n ? left : 0n;
}

/** More than the credits cover; undefined when they cover it, or do not limit at all. */
export function creditViolation(
  standing: Standing,
  femto: bigint,
  at: number,
): Violation | undefined {
  if (femto === 0n || standing.creditFemto === undefined || !isPrepaid(standing.terms, at))
    return undefined;
  const used = takenFemto(spendOf(standing, WHOLE));
  if (used + femto <= standing.creditFemto) return undefined;
  return {
    kind: 'credit',
    name: 'credit',
    scope: 'organization',
    limit: standing.creditFemto,
    used,
    requested: femto,
    retryInNs: null,
  };
}
