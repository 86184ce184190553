// What a month costs so far, against the limit: the same rating as the invoice's, and what follows from it.
import { type SpendLimit, spendLimitAt } from '#libs/events/account.js';
import { parseMoney } from '#libs/money/money.js';
import type { Terms } from '#libs/rating/price-book.js';
import { type RatedMonth, rateMonth, spentByHour, type UsageRow } from '#libs/rating/rate-month.js';
import { HOUR_MS } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';

export interface Alert {
  readonly percent: number;
  /** Start of the hour in which the spend reached it; null: not reached. */
  readonly reachedAt: number | null;
}

export interface Spend {
  readonly rated: RatedMonth;
  /** The organization-wide limit; undefined: none was ever set, or it was lifted. */
  readonly limit: SpendLimit | undefined;
  readonly limitFemto: bigint | null;
  /** Never below 0. */
  readonly remainingFemto: bigint | null;
  readonly alerts: readonly Alert[];
  /** The spend at the end of the period, if it goes on as it went so far. */
  readonly forecastFemto: bigint;
  /** A hard limit is reached in the current month: nothing more is admitted. */
  readonly blocked: boolean;
}

export interface SpendInput {
  readonly terms: Terms;
  readonly period: Period;
  readonly rows: readonly UsageRow[];
  /** Reserved and not yet settled. */
  readonly heldFemto: bigint;
  /** Settled without an event, which has still to come. */
  readonly unconfirmedFemto?: bigint;
  /** The scope whose limit counts; the organization's when absent. */
  readonly project?: string;
  /** Admission said that nothing more passes. */
  readonly isBlocked?: boolean;
  readonly now: number;
}

/** Spend of a period as of an instant; for a past month the limit is the last one of that month. */
export function spendOf({ terms, period, rows, now, ...held }: SpendInput): Spend {
  const rated = rateMonth({ terms, period, rows });
  const limit = spendLimitAt(terms.account, held.project ?? null, Math.min(now, period.to - 1));
  const limitFemto = limit?.amount == null ? null : parseMoney(limit.amount);
  const taken = rated.spentFemto + held.heldFemto + (held.unconfirmedFemto ?? 0n);
  const remaining = limitFemto === null ? null : limitFemto - taken;
  const isCurrent = period.from <= now && now < period.to;
  const hours = spentByHour({ terms, period, rows });
  return {
    rated,
    limit,
    limitFemto,
    remainingFemto: remaining !== null && remaining < 0n ? 0n : remaining,
    alerts: limitFemto === null ? [] : alertsOf(limit?.alerts ?? [], limitFemto, hours),
    forecastFemto: forecast(rated.spentFemto, period, now),
    blocked:
      isCurrent &&
      limit?.mode === 'hard' &&
      (held.isBlocked === true || (remaining !== null && remaining <= 0n)),
  };
}

/** Linear: 10 after a third of the month is 30. The first hour counts as a whole one, so that a single event does not explode. */
export function forecast(spentFemto: bigint, period: Period, now: number): bigint {
  if (now >= period.to) return spentFemto;
  const elapsed = Math.max(now - period.from, HOUR_MS);
  return (spentFemto * BigInt(period.to - period.from)) / BigInt(elapsed);
}

function alertsOf(
  percents: readonly number[],
  limitFemto: bigint,
  hours: readonly (readonly [hour: number, femto: bigint])[],
): Alert[] {
  let spent = 0n;
  const totals = hours.map(([hour, femto]) => ({ hour, spent: (spent += femto) }));
  return percents.map((percent) => {
    const reached = totals.find((total) => total.spent * 100n >= limitFemto * BigInt(percent));
    return { percent, reachedAt: reached?.hour ?? null };
  });
}
