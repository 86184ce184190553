// Prepaid credit as a limit. A tier whose features name `prepaid` in the catalog spends what was paid before and nothing else.
import { parseMoney } from '#libs/money/money.js';
import { type Terms, termsAt } from '#libs/rating/price-book.js';
import type { Violation } from './decision.js';
import { spendOf, type Standing, takenFemto, WHOLE } from './standing.js';

/** The feature of a tier that makes credits the limit of what is spent. */
export const PREPAID = 'prepaid';

/** Whether credits limit the organization's spend at an instant. */
export function isPrepaid(terms: Terms, at: number): boolean {
  return termsAt(terms, at)?.tier.features.includes(PREPAID) ?? false;
}

/** A month's spend, for burning credits in the order of time. */
export interface MonthSpend {
  /** Start and end of the month, epoch ms; the end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly femto: bigint;
}

/**
 * What is left of the credits at an instant after the given months burned them: each month's spend takes from the credits that were
 * in force in it, by priority, then the one that expires first, then the oldest grant.
 */
export function creditLeftFemto(terms: Terms, months: readonly MonthSpend[], at: number): bigint {
  const credits = terms.account.credits
    .map((credit) => ({ ...credit, left: parseMoney(credit.amount) }))
    .toSorted(
      (one, other) =>
        one.priority - other.priority ||
        (one.expiresAt ?? Infinity) - (other.expiresAt ?? Infinity) ||
        one.grantedAt - other.grantedAt,
    );
  for (const { from, to, femto } of months.toSorted((one, other) => one.from - other.from)) {
    let owed = femto;
    for (const credit of credits) {
      const isInForce =
        credit.grantedAt < to && (credit.expiresAt === null || credit.expiresAt > from);
      if (!isInForce || owed <= 0n) continue;
      const burned = credit.left < owed ? credit.left : owed;
      credit.left -= burned;
      owed -= burned;
    }
  }
  return credits
    .filter(({ grantedAt, expiresAt }) => grantedAt <= at && (expiresAt === null || at < expiresAt))
    .reduce((sum, { left }) => sum + left, 0n);
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
