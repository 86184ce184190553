// What a closed month is worth now, less what was billed for it: usage that came late line by line, and what the month owes beside it.
// Whatever was billed, on its own invoice or as an earlier adjustment, counts: so nothing is charged twice or lost.
import type { RatedLine, Unpriced } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import type { LateCharge } from './late-charges.js';

/** A closed month that is not worth what was billed any more. */
export interface LateMonth {
  readonly period: Period;
  /** The invoice of that month; null when it was closed with nothing to bill. */
  readonly number: string | null;
  /** What is still to be booked, signed, at the prices of its own time. */
  readonly lines: readonly RatedLine[];
  /** Fees and true-ups that are still to be booked; absent: none. */
  readonly charges?: readonly LateCharge[];
  readonly unpriced: readonly Unpriced[];
}

/**
 * Now less billed, by price row and span: 120 tokens now and 100 billed are a line of +20; a line that was billed and is gone
 * now is its negative. Lines that come to no units and no money are left out; digests are differences modulo 2^64.
 */
export function differences(
  now: readonly RatedLine[],
  billed: readonly RatedLine[],
): readonly RatedLine[] {
  const byKey = new Map<string, RatedLine>();
  for (const line of now) add(byKey, line, 1n);
  for (const line of billed) add(byKey, line, -1n);
  return [...byKey]
    .filter(([, line]) => isSomething(line))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, line]) => line);
}

function add(byKey: Map<string, RatedLine>, line: RatedLine, sign: 1n | -1n): void {
  const key = keyOf(line);
  const before = byKey.get(key);
  byKey.set(key, {
    ...line,
    units: (before?.units ?? 0n) + sign * line.units,
    amountFemto: (before?.amountFemto ?? 0n) + sign * line.amountFemto,
    freeFemto: (before?.freeFemto ?? 0n) + sign * line.freeFemto,
    discountFemto: (before?.discountFemto ?? 0n) + sign * line.discountFemto,
    events: (before?.events ?? 0n) + sign * line.events,
    digestA: BigInt.asUintN(64, (before?.digestA ?? 0n) + sign * line.digestA),
    digestB: BigInt.asUintN(64, (before?.digestB ?? 0n) + sign * line.digestB),
  });
}

function isSomething(line: RatedLine): boolean {
  const { units, amountFemto, freeFemto, discountFemto } = line;
  return units !== 0n || amountFemto !== 0n || freeFemto !== 0n || discountFemto !== 0n;
}

// NUL is in no name, and instants are padded: the text orders as the lines of an invoice do.
function keyOf(line: RatedLine): string {
  return [
    line.model,
    line.serviceTier,
    line.adapter ?? '',
    line.quantity,
    line.from.toString().padStart(15, '0'),
    line.to.toString().padStart(15, '0'),
    line.catalogVersion,
    line.overrideId ?? '',
    line.aboveContext.toString().padStart(9, '0'),
    line.part,
    line.femtoPerUnit ?? '',
  ].join('\0');
}

/** Whether there is anything to book, or to wait for a price. */
export function isLate({ lines, charges = [], unpriced }: LateMonth): boolean {
  return lines.length > 0 || charges.length > 0 || unpriced.length > 0;
}
