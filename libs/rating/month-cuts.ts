// A period cut at every instant where the organization's terms may change, and what holds for all usage in each cut.
import type { Period } from '../time/month.js';
import { monthOf } from '../time/month.js';
import { prorate } from './charge/proration.js';
import type { Terms } from './price-book.js';
import { changesBetween, contractAt, termsAt } from './price-book.js';

/** What a month costs at least: the shares of each time in which a minimum holds, for the usage of those times. */
export interface MonthMinimum extends Period {
  readonly tier: string;
  readonly catalogVersion: string;
  readonly femto: bigint;
}

/** Which conditions hold in a cut, as a number that usage is summed by. */
export const HAS_MINIMUM = 1;
export const HAS_MAXIMUM = 2;

export interface MonthCuts {
  readonly period: Period;
  /** Ascending; the first is the period's. */
  readonly starts: readonly number[];
  readonly isFree: readonly boolean[];
  /** Millionths of a percent that come off. */
  readonly discount: readonly bigint[];
  /** HAS_MINIMUM, HAS_MAXIMUM, both (3) or neither (0). */
  readonly conditions: readonly number[];
  readonly minimum: MonthMinimum | null;
  /** The shares of each time in which a maximum holds, for the usage of those times together; null: none anywhere. */
  readonly maximumFemto: bigint | null;
}

/**
 * Cuts a period, which lies in one month, by the terms of an organization. Minimum and maximum are shared by exact time and hold for
 * the times together: a change of anything else inside the month, or a new version of the same terms, changes neither.
 */
export function monthCuts(terms: Terms, period: Period): MonthCuts {
  const starts = [period.from, ...changesBetween(terms, period.from, period.to)];
  const month = monthOf(period.from);
  const isFree: boolean[] = [];
  const discount: bigint[] = [];
  const conditions: number[] = [];
  let minimum: MonthMinimum | null = null;
  let maximumFemto: bigint | null = null;
  for (const [index, from] of starts.entries()) {
    const to = starts[index + 1] ?? period.to;
    const inForce = termsAt(terms, from);
    const contract = inForce ? contractAt(terms, from) : {};
    isFree.push(inForce?.tier.usage === 'free');
    discount.push(contract.discount ?? 0n);
    const { minimumFemto: least = null, maximumFemto: most = null } = contract;
    conditions.push((least === null ? 0 : HAS_MINIMUM) + (most === null ? 0 : HAS_MAXIMUM));
    // Its cap covers time before the account began, as its first prices do.
    if (most !== null) maximumFemto = (maximumFemto ?? 0n) + prorate(most, { from, to }, month);
    if (least === null || !inForce) continue;
    // Nothing is committed for that time.
    const span = { from: Math.max(from, terms.account.effectiveFrom), to };
    const femto: bigint = (minimum?.femto ?? 0n) + prorate(least, span, month);
    const { tier, catalog } = inForce;
    const since: number = minimum?.from ?? from;
    minimum = { tier: tier.name, catalogVersion: catalog.version, from: since, to, femto };
  }
  return { period, starts, isFree, discount, conditions, minimum, maximumFemto };
}

/** The cut that an hour falls in; RangeError for another month's. */
export function cutOf({ period, starts }: MonthCuts, hour: number): number {
  if (hour < period.from || hour >= period.to)
    throw new RangeError(`hour ${hour} is outside ${period.from} to ${period.to}`);
  return starts.findLastIndex((start) => start <= hour);
}
