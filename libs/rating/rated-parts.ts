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
  /** What is left to pay, apart by the conditions that hold (month-cuts.ts). */
  readonly paid: Paid[];
}

export interface Paid {
  readonly conditions: number;
  femto: bigint;
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
  /** In the order in which they come up. */
  readonly parts: RatedPart[];
}

/**
 * Rates a key. Tiers, packages and allowances count the month's units of the key in order of time, whatever rows they fall under, so
 * that a new catalog version with the same prices changes nothing; within an hour, shorter requests count first.
 */
export function ratedRows(usage: KeyUsage, cuts: MonthCuts): RatedRow[] {
  const slices = usage.slices();
  const total = slices.reduce((sum, { units }) => sum + units, 0n);
  const last = slices.findLast(({ units }) => units !== 0n);
  const rated: Slotted[] = [];
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
  if (rated.length > 1) rated.sort((left, right) => left.slot - right.slot);
  return rated.filter(({ units, parts }) => units !== 0n || parts.some(isSomething));
}

interface Slotted extends RatedRow {
  /** Orders rows by time, then by input length. */
  readonly slot: number;
}

function rowOf(
  rated: Slotted[],
  usage: KeyUsage,
  { cut, context }: UsageSlice,
  { starts, period }: MonthCuts,
): Slotted {
  const rows = usage.rowsFor(context);
  const row = rows[cut];
  let start = cut;
  while (start > 0 && isSameRow(rows[start - 1], row)) start -= 1;
  const slot = start * 2 ** 30 + (row?.aboveContext ?? 0);
  const known = rated.find((one) => one.slot === slot);
  if (known) return known;
  let end = cut + 1;
  while (end < rows.length && isSameRow(rows[end], row)) end += 1;
  const made: Slotted = {
    slot,
    row,
    from: starts[start] as number,
    to: starts[end] ?? period.to,
    units: 0n,
    events: 0n,
    digestA: 0n,
    digestB: 0n,
    parts: [],
  };
  rated.push(made);
  return made;
}

function addPart(row: RatedRow, part: ChargePart, cut: number, cuts: MonthCuts): void {
  const { units, femtoPerUnit, amountFemto } = part;
  let sum = row.parts.find((one) => one.part === part.part);
  if (!sum) {
    sum = {
      part: part.part,
      femtoPerUnit,
      units: 0n,
      amountFemto: 0n,
      freeFemto: 0n,
      discountFemto: 0n,
      paid: [],
    };
    row.parts.push(sum);
  }
  sum.units += units;
  sum.amountFemto += amountFemto;
  const isFree = cuts.isFree[cut] === true;
  if (isFree) sum.freeFemto += amountFemto;
  const percent = cuts.discount[cut] ?? 0n;
  const off = isFree || percent === 0n ? 0n : percentOf(amountFemto, percent);
  sum.discountFemto += off;
  const conditions = cuts.conditions[cut] ?? 0;
  const paid = isFree ? 0n : amountFemto - off;
  const before = sum.paid.find((one) => one.conditions === conditions);
  if (before) before.femto += paid;
  else sum.paid.push({ conditions, femto: paid });
}

function isSomething({ amountFemto, freeFemto, discountFemto }: RatedPart): boolean {
  return amountFemto !== 0n || freeFemto !== 0n || discountFemto !== 0n;
}
