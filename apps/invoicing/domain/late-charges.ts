// What a closed month owes beside its usage, now and as it was billed: fees by terms that changed for it, and what fell short of a
// minimum, which late usage lowers.
import { feesIn } from '#libs/rating/fees.js';
import { monthCuts } from '#libs/rating/month-cuts.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { RatedMonth } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';

export const LATE_KINDS = ['fee', 'commitment'] as const;

/** Exact sums of a month, femto-units. */
export type Owed = Readonly<Record<(typeof LATE_KINDS)[number], bigint>>;

/** What is still to be booked of one of them, signed. */
export interface LateCharge {
  readonly kind: (typeof LATE_KINDS)[number];
  readonly amountFemto: bigint;
}

export const NOTHING_OWED: Owed = { fee: 0n, commitment: 0n };

/** What a rated month owes beside its usage. */
export function owedIn({ feesFemto, commitmentFemto }: RatedMonth): Owed {
  return { fee: feesFemto, commitment: commitmentFemto };
}

/** Now less billed; what comes to nothing is left out. */
export function lateCharges(now: Owed, billed: Owed): LateCharge[] {
  return LATE_KINDS.map((kind) => ({ kind, amountFemto: now[kind] - billed[kind] })).filter(
    ({ amountFemto }) => amountFemto !== 0n,
  );
}

/**
 * Whether a month with the very usage that was billed may owe something else now: its fees are other ones, or a minimum is in play, of
 * which only the usage tells.
 */
export function mayOweOtherwise(terms: Terms, period: Period, billed: Owed): boolean {
  const fee = feesIn(terms, period).reduce((sum, { amountFemto }) => sum + amountFemto, 0n);
  if (fee !== billed.fee || billed.commitment !== 0n) return true;
  return monthCuts(terms, period).minimum !== null;
}
