// GET …/spend as the contract has it (http-contract.md, quota).
import { formatExact, formatMinor, roundToMinor } from '#libs/money/money.js';
import type { Unpriced } from '#libs/rating/rate-month.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Spend, SpendInput } from '../domain/spend.js';

/** `input` is what the spend was made from. */
export function spendView(spend: Spend, input: SpendInput) {
  const { account } = input.terms;
  const { rated } = spend;
  const digits = minorDigits(account.profile.currency);
  return {
    organization: account.id,
    period: { from: formatInstant(input.period.from), to: formatInstant(input.period.to) },
    currency: account.profile.currency,
    spent_exact: formatExact(rated.spentFemto),
    held_exact: formatExact(input.heldFemto),
    limit: spend.limitFemto === null ? null : amount(spend.limitFemto, digits),
    remaining_exact: spend.remainingFemto === null ? null : formatExact(spend.remainingFemto),
    mode: spend.limit?.mode ?? null,
    alerts: spend.alerts.map(({ percent, reachedAt }) => ({
      percent,
      reached_at: reachedAt === null ? null : formatInstant(reachedAt),
    })),
    forecast: formatMinor(roundToMinor(spend.forecastFemto, digits), digits),
    // Admission reserves the worst case first (design section 6): by what is admitted the limit cannot be exceeded.
    // Nothing is reserved yet, so nothing bounds it: null says so until reservations make it "0".
    overshoot_bound: null,
    blocked: spend.blocked,
    list_exact: formatExact(rated.listFemto),
    free_exact: formatExact(rated.freeFemto),
    fees_exact: formatExact(rated.feesFemto),
    unpriced: rated.unpriced.map(unpricedView),
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

function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
