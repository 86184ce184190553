// A period cut at every instant where the organization's terms may change, and the usage tallied per price row and unbroken span.
import type { Period } from '../time/month.js';
import type { PriceKey, PriceRow, Terms } from './price-book.js';
import { changesBetween, priceAt, termsAt } from './price-book.js';
import type { UsageRow } from './usage-row.js';

/** Sums of the usage under one row (undefined: unpriced) over the unbroken time that the row was in force. */
export interface Tally {
  readonly key: PriceKey;
  readonly row: PriceRow | undefined;
  readonly from: number;
  readonly to: number;
  units: bigint;
  /** Of the units, those used while the tier was free. */
  freeUnits: bigint;
  events: bigint;
  /** Not yet reduced modulo 2^64. */
  digestA: bigint;
  digestB: bigint;
}

interface KeyTallies {
  readonly key: PriceKey;
  /** One entry per cut of the period; neighbours under the same row share one tally. */
  readonly byCut: readonly Tally[];
}

export class PriceSpans {
  /** Starts of the cuts, ascending. */
  private readonly cuts: readonly number[];
  private readonly isFree: readonly boolean[];
  private readonly byKey = new Map<string, KeyTallies>();

  constructor(
    private readonly terms: Terms,
    private readonly period: Period,
  ) {
    this.cuts = [period.from, ...changesBetween(terms, period.from, period.to)];
    this.isFree = this.cuts.map((at) => termsAt(terms, at)?.tier.usage === 'free');
  }

  /** Adds a row to its tally; `requests` rows are not priced and pass by. */
  add(row: UsageRow): void {
    if (row.quantity === 'requests') return;
    const cut = this.cutOf(row.hour);
    const tally = this.talliesOf(row).byCut[cut] as Tally;
    tally.units += row.units;
    if (this.isFree[cut]) tally.freeUnits += row.units;
    tally.events += row.events;
    tally.digestA += row.digestA;
    tally.digestB += row.digestB;
  }

  /** What a row costs beyond what is free; unpriced usage costs nothing yet. */
  spentOn(row: UsageRow): bigint {
    if (row.quantity === 'requests') return 0n;
    const cut = this.cutOf(row.hour);
    if (this.isFree[cut]) return 0n;
    return row.units * (this.talliesOf(row).byCut[cut]?.row?.femtoPerUnit ?? 0n);
  }

  /** The tallies that hold units, by model, service tier, adapter, quantity, then time; what was voided again holds none. */
  *tallies(): Generator<Tally> {
    for (const [, { byCut }] of [...this.byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      for (const tally of new Set(byCut)) if (tally.units !== 0n) yield tally;
  }

  private cutOf(hour: number): number {
    if (hour < this.period.from || hour >= this.period.to)
      throw new RangeError(`hour ${hour} is outside ${this.period.from} to ${this.period.to}`);
    return this.cuts.findLastIndex((start) => start <= hour);
  }

  private talliesOf(row: UsageRow): KeyTallies {
    // NUL sorts first and is in no name: the text orders as the names do.
    const name = [row.model, row.serviceTier, row.adapter ?? '', row.quantity].join('\0');
    const known = this.byKey.get(name);
    if (known) return known;
    const { model, serviceTier, adapter, quantity } = row;
    const tallies = this.emptyTallies({ model, serviceTier, adapter, quantity } as PriceKey);
    this.byKey.set(name, tallies);
    return tallies;
  }

  private emptyTallies(key: PriceKey): KeyTallies {
    const rows = this.cuts.map((at) => priceAt(this.terms, key, at));
    const byCut: Tally[] = [];
    for (const [cut, row] of rows.entries()) {
      const before = byCut[cut - 1];
      if (before && isSameRow(before.row, row)) {
        byCut.push(before);
        continue;
      }
      const changed = rows.findIndex((later, index) => index > cut && !isSameRow(row, later));
      const to = changed < 0 ? this.period.to : (this.cuts[changed] as number);
      byCut.push({ ...emptyTally(key, row), from: this.cuts[cut] as number, to });
    }
    return { key, byCut };
  }
}

function emptyTally(key: PriceKey, row: PriceRow | undefined) {
  return { key, row, units: 0n, freeUnits: 0n, events: 0n, digestA: 0n, digestB: 0n };
}

function isSameRow(left: PriceRow | undefined, right: PriceRow | undefined): boolean {
  return (
    left?.catalogVersion === right?.catalogVersion &&
    left?.overrideId === right?.overrideId &&
    left?.tierRow === right?.tierRow
  );
}
