// One key's usage of a month → what its price rows charge for it, part by part.
import { chargeParts } from './charge/charge.js';
import type { ChargePart } from './charge/charge-part.js';
import { percentOf } from './charge/discount.js';
import type { KeyUsage, UsageSlice } from './key-usage.js';
import { isSameRow } from './key-usage.js';
import type { MonthCuts } from './month-cuts.js';
import type { PriceRow } from './price-book.js';

/** A part of a row's charge, summed over the cuts in which the row was in force. */
export interface RatedPart {
  readonly part: string;
  readonly femtoPerUnit: bigint | null;
  units: bigint;
  amountFemto: bigint;
  /** Of the amount: used while the tier was free. */
  freeFemto: bigint;
  /** Of the amount: taken off by a percentage or a cap. */
  discountFemto: bigint;
  /** What is left to pay, by contract span. */
  readonly paid: Map<number, bigint>;
}

/** Usage under one row (undefined: unpriced) over the unbroken time that the row was in force. */
export interface RatedRow {
  readonly row: PriceRow | undefined;
  readonly from: number;
  readonly to: number;
  units: bigint;
  events: bigint;
  /** Not yet reduced modulo 2^64. */
  digestA: bigint;
  digestB: bigint;
  readonly parts: Map<string, RatedPart>;
}

/**
 * Rates a key. Tiers, packages and allowances count the month's units of the key in order of time, whatever rows they fall under, so
 * that a new catalog version with the same prices changes nothing; within an hour, shorter requests count first.
 */
export function ratedRows(usage: KeyUsage, cuts: MonthCuts): RatedRow[] {
  const slices = usage.slices();
  const total = slices.reduce((sum, { units }) => sum + units, 0n);
  const last = slices.findLast(({ units }) => units !== 0n);
  const rated = new Map<number, RatedRow>();
  let before = 0n;
  for (const slice of slices) {
    const row = rowOf(rated, usage, slice, cuts);
    row.units += slice.units;
    row.events += slice.events;
    row.digestA += slice.digestA;
    row.digestB += slice.digestB;
    if (slice.units === 0n) continue;
    if (row.row) {
      const share = { before, units: slice.units, total, isLast: slice === last };
      for (const part of chargeParts(row.row.charge, share)) addPart(row, part, slice.cut, cuts);
    }
    before += slice.units;
  }
  return [...rated]
    .toSorted(([left], [right]) => left - right)
    .map(([, row]) => row)
    .filter(({ units, parts }) => units !== 0n || [...parts.values()].some(isSomething));
}

function rowOf(
  rated: Map<number, RatedRow>,
  usage: KeyUsage,
  { cut, context }: UsageSlice,
  { starts, period }: MonthCuts,
): RatedRow {
  const rows = usage.rowsFor(context);
  const row = rows[cut];
  const start = 1 + rows.findLastIndex((one, index) => index < cut && !isSameRow(one, row));
  const slot = start * 2 ** 30 + (row?.aboveContext ?? 0);
  const known = rated.get(slot);
  if (known) return known;
  const end = rows.findIndex((one, index) => index > cut && !isSameRow(one, row));
  const made: RatedRow = {
    row,
    from: starts[start] as number,
    to: end < 0 ? period.to : (starts[end] as number),
    units: 0n,
    events: 0n,
    digestA: 0n,
    digestB: 0n,
    parts: new Map(),
  };
  rated.set(slot, made);
  return made;
}

function addPart(row: RatedRow, part: ChargePart, cut: number, cuts: MonthCuts): void {
  const { units, femtoPerUnit, amountFemto } = part;
  let sum = row.parts.get(part.part);
  if (!sum) {
    const nothing = { units: 0n, amountFemto: 0n, freeFemto: 0n, discountFemto: 0n };
    sum = { part: part.part, femtoPerUnit, ...nothing, paid: new Map() };
    row.parts.set(part.part, sum);
  }
  sum.units += units;
  sum.amountFemto += amountFemto;
  const isFree = cuts.isFree[cut] === true;
  if (isFree) sum.freeFemto += amountFemto;
  const off = isFree ? 0n : percentOf(amountFemto, cuts.discount[cut] ?? 0n);
  sum.discountFemto += off;
  const span = cuts.span[cut] ?? -1;
  const paid = isFree ? 0n : amountFemto - off;
  sum.paid.set(span, (sum.paid.get(span) ?? 0n) + paid);
}

function isSomething({ amountFemto, freeFemto, discountFemto }: RatedPart): boolean {
  return amountFemto !== 0n || freeFemto !== 0n || discountFemto !== 0n;
}
