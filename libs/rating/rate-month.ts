// Usage hours → money, exact to the femto-unit. Both the limiter's spend and the invoice are this one function, so that they
// cannot differ. The result depends on the sums of the rows only, never on their order or on how they are split.
import type { Period } from '../time/month.js';
import type { Quantity, ServiceTier } from '../events/quantities.js';
import type { FeeLine } from './fees.js';
import { feesIn } from './fees.js';
import type { Terms } from './price-book.js';
import type { Tally } from './price-spans.js';
import { PriceSpans } from './price-spans.js';
import type { UsageRow } from './usage-row.js';

export type { FeeLine } from './fees.js';
export type { UsageRow } from './usage-row.js';

/** Usage of one kind under one price row, over the unbroken time that the row was in force within the period. */
export interface RatedLine {
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly quantity: Quantity;
  /** Half-open; ends at the period and where the row changes, not where usage does. */
  readonly from: number;
  readonly to: number;
  readonly units: bigint;
  readonly femtoPerUnit: bigint;
  /** units × price, at list. */
  readonly amountFemto: bigint;
  /** The part of the amount that was used on a free tier. */
  readonly freeFemto: bigint;
  readonly catalogVersion: string;
  readonly overrideId: string | null;
  readonly events: bigint;
  readonly digestA: bigint;
  readonly digestB: bigint;
}

/** Usage for which no price row was in force, over that unbroken time: it blocks the period's close. */
export interface Unpriced {
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly quantity: Quantity;
  readonly from: number;
  readonly to: number;
  readonly units: bigint;
  readonly events: bigint;
}

export interface RatedMonth {
  /** By model, service tier, adapter, quantity, then time. */
  readonly lines: readonly RatedLine[];
  /** Monthly fees; they are on the invoice and are no spend: a spend limit is for usage. */
  readonly fees: readonly FeeLine[];
  readonly unpriced: readonly Unpriced[];
  readonly listFemto: bigint;
  readonly freeFemto: bigint;
  /** list − free: what usage costs. */
  readonly spentFemto: bigint;
  readonly feesFemto: bigint;
}

export interface RatingInput {
  readonly terms: Terms;
  readonly period: Period;
  /** Rows outside the period throw: they belong to another month. */
  readonly rows: Iterable<UsageRow>;
}

/** Rates one organization's usage hours of a period. Lines that net to nothing (usage voided again) are left out. */
export function rateMonth({ terms, period, rows }: RatingInput): RatedMonth {
  const spans = new PriceSpans(terms, period);
  for (const row of rows) spans.add(row);
  const lines: RatedLine[] = [];
  const unpriced: Unpriced[] = [];
  let listFemto = 0n;
  let freeFemto = 0n;
  for (const tally of spans.tallies()) {
    const { model, serviceTier, adapter, quantity } = tally.key;
    const common = { model, serviceTier, adapter, quantity, from: tally.from, to: tally.to };
    if (!tally.row) {
      unpriced.push({ ...common, units: tally.units, events: tally.events });
      continue;
    }
    const line = { ...common, ...ratedPart(tally, tally.row.femtoPerUnit) };
    const { catalogVersion, overrideId } = tally.row;
    lines.push({ ...line, catalogVersion, overrideId });
    listFemto += line.amountFemto;
    freeFemto += line.freeFemto;
  }
  const fees = feesIn(terms, period);
  const feesFemto = fees.reduce((sum, fee) => sum + fee.amountFemto, 0n);
  return {
    lines,
    fees,
    unpriced,
    listFemto,
    freeFemto,
    spentFemto: listFemto - freeFemto,
    feesFemto,
  };
}

/** What each hour adds to the spend, ascending; the sum over a period is its `spentFemto`. For when a threshold was reached. */
export function spentByHour({ terms, period, rows }: RatingInput): [hour: number, femto: bigint][] {
  const spans = new PriceSpans(terms, period);
  const hours = new Map<number, bigint>();
  for (const row of rows) {
    const spent = spans.spentOn(row);
    if (spent !== 0n) hours.set(row.hour, (hours.get(row.hour) ?? 0n) + spent);
  }
  return [...hours].toSorted(([left], [right]) => left - right);
}

function ratedPart(tally: Tally, femtoPerUnit: bigint) {
  return {
    units: tally.units,
    femtoPerUnit,
    amountFemto: tally.units * femtoPerUnit,
    freeFemto: tally.freeUnits * femtoPerUnit,
    events: tally.events,
    digestA: BigInt.asUintN(64, tally.digestA),
    digestB: BigInt.asUintN(64, tally.digestB),
  };
}
