// A period cut at every instant where the organization's terms may change, and what holds for all usage in each cut.
import type { Period } from '../time/month.js';
import { monthOf } from '../time/month.js';
import { prorate } from './charge/proration.js';
import type { Terms } from './price-book.js';
import { changesBetween, contractAt, termsAt } from './price-book.js';

/** The unbroken time of one tier with the same minimum and maximum; money is the exact share of the month's. */
export interface ContractSpan extends Period {
  readonly tier: string;
  readonly catalogVersion: string;
  readonly minimumFemto: bigint | null;
  readonly maximumFemto: bigint | null;
}

export interface MonthCuts {
  readonly period: Period;
  /** Ascending; the first is the period's. */
  readonly starts: readonly number[];
  readonly isFree: readonly boolean[];
  /** Millionths of a percent that come off. */
  readonly discount: readonly bigint[];
  /** Index into `spans`; −1 where nothing is agreed. */
  readonly span: readonly number[];
  readonly spans: readonly ContractSpan[];
}

interface OpenSpan extends Period {
  readonly tier: string;
  readonly catalogVersion: string;
  readonly minimum: bigint | null;
  readonly maximum: bigint | null;
}

/** Cuts a period, which lies in one month, by the terms of an organization. */
export function monthCuts(terms: Terms, period: Period): MonthCuts {
  const starts = [period.from, ...changesBetween(terms, period.from, period.to)];
  const contracts = starts.map((at) => contractAt(terms, at));
  const inForce = starts.map((at) => termsAt(terms, at));
  const open: OpenSpan[] = [];
  const span = starts.map((from, index) => {
    const { minimumFemto: minimum = null, maximumFemto: maximum = null } = contracts[index] ?? {};
    const tier = inForce[index]?.tier.name;
    if (tier === undefined || (minimum === null && maximum === null)) return -1;
    const to = starts[index + 1] ?? period.to;
    const before = open.at(-1);
    const goesOn = before?.to === from && before.tier === tier;
    if (goesOn && before.minimum === minimum && before.maximum === maximum)
      open[open.length - 1] = { ...before, to };
    else {
      const catalogVersion = inForce[index]?.catalog.version ?? '';
      open.push({ tier, catalogVersion, minimum, maximum, from, to });
    }
    return open.length - 1;
  });
  return {
    period,
    starts,
    isFree: inForce.map((one) => one?.tier.usage === 'free'),
    discount: contracts.map(({ discount }) => discount ?? 0n),
    span,
    spans: open.map((one) => shareOf(one, terms.account.effectiveFrom)),
  };
}

// Nothing is committed for time before the account began; its cap covers that time, as its first prices do.
function shareOf({ minimum, maximum, ...span }: OpenSpan, effectiveFrom: number): ContractSpan {
  const month = monthOf(span.from);
  const committed = { from: Math.max(span.from, effectiveFrom), to: span.to };
  return {
    ...span,
    minimumFemto: minimum === null ? null : prorate(minimum, committed, month),
    maximumFemto: maximum === null ? null : prorate(maximum, span, month),
  };
}

/** The cut that an hour falls in; RangeError for another month's. */
export function cutOf({ period, starts }: MonthCuts, hour: number): number {
  if (hour < period.from || hour >= period.to)
    throw new RangeError(`hour ${hour} is outside ${period.from} to ${period.to}`);
  return starts.findLastIndex((start) => start <= hour);
}

/** What is paid in a span under its cap. */
export function capped(cuts: MonthCuts, span: number, femto: bigint): bigint {
  const maximum = cuts.spans[span]?.maximumFemto ?? null;
  return maximum !== null && femto > maximum ? maximum : femto;
}
