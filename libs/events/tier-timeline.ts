// Which tier an organization was on when, over a period.
import type { Account } from './account.js';

/** A tier and the half-open range it is in force for. */
export interface TierPeriod {
  readonly tier: string;
  readonly from: number;
  readonly to: number;
}

/** The tiers of a period in order, cut to it: the first span also covers all time before it, the last has no end. */
export function tierTimeline(
  account: Account,
  period: { readonly from: number; readonly to: number },
): readonly TierPeriod[] {
  return account.tiers
    .map((span, index) => ({
      tier: span.tier,
      from: index === 0 ? period.from : Math.max(span.from, period.from),
      to: Math.min(account.tiers[index + 1]?.from ?? period.to, period.to),
    }))
    .filter(({ from, to }) => from < to);
}
