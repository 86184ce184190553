// GET …/spend as the contract has it (http-contract.md, quota).
import { minorDigits } from '#libs/money/currency.js';
import { formatExact, formatMinor, roundToMinor } from '#libs/money/money.js';
import type { Unpriced } from '#libs/rating/rate-month.js';
import { formatInstant } from '#libs/time/instant.js';
import type { SpendAnswer, SpendPart } from '../store/quota-reader.js';

/** The organization's spend, then each project's that has a limit or usage. */
export function spendView({ spend, input, projects, creditFemto }: SpendAnswer) {
  const { account } = input.terms;
  const { rated } = spend;
  const digits = minorDigits(account.profile.currency);
  return {
    organization: account.id,
    period: { from: formatInstant(input.period.from), to: formatInstant(input.period.to) },
    currency: account.profile.currency,
    ...moneyView({ spend, input }, digits),
    forecast: formatMinor(roundToMinor(spend.forecastFemto, digits), digits),
    // Admission reserves the worst case first (design section 6): by what is admitted the limit cannot be exceeded.
    overshoot_bound: '0',
    credit_exact: creditFemto === null ? null : formatExact(creditFemto),
    list_exact: formatExact(rated.listFemto),
    free_exact: formatExact(rated.freeFemto),
    fees_exact: formatExact(rated.feesFemto),
    unpriced: rated.unpriced.map(unpricedView),
    projects: projects.map(({ project, ...part }) => ({ project, ...moneyView(part, digits) })),
  };
}

function moneyView({ spend, input }: SpendPart, digits: number) {
  return {
    spent_exact: formatExact(spend.rated.spentFemto),
    held_exact: formatExact(input.heldFemto),
    unconfirmed_exact: formatExact(input.unconfirmedFemto ?? 0n),
    limit: spend.limitFemto === null ? null : amount(spend.limitFemto, digits),
    remaining_exact: spend.remainingFemto === null ? null : formatExact(spend.remainingFemto),
    mode: spend.limit?.mode ?? null,
    alerts: spend.alerts.map(({ percent, reachedAt }) => ({
      percent,
      reached_at: reachedAt === null ? null : formatInstant(reachedAt),
    })),
    blocked: spend.blocked,
  };
}

function unpricedView(usage: Unpriced) {
  return {
    model: usage.model,
    service_tier: usage.serviceTier,
    adapter: usage.adapter,
    pool: usage.quantity,
    quantity: usage.units,
    events: usage.events,
    from: formatInstant(usage.from),
    to: formatInstant(usage.to),
  };
}

/** "100.00" for a whole number of minor units, as many digits as needed otherwise. */
function amount(femto: bigint, digits: number): string {
  const minor = 10n ** BigInt(15 - digits);
  return femto % minor === 0n ? formatMinor(femto / minor, digits) : formatExact(femto);
}
