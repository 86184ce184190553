// A month's usage of one model, service tier, adapter and pool: sums per cut of the month and per length of the request's input.
import type { Period } from '../time/month.js';
import type { MonthCuts } from './month-cuts.js';
import { cutOf } from './month-cuts.js';
import type { PriceKey, PriceRow, Terms } from './price-book.js';
import { priceAt } from './price-book.js';
import type { UsageRow } from './usage-row.js';

export interface RatingInput {
  readonly terms: Terms;
  /** Within one calendar month: tiers, allowances and commitments are counted over the month. */
  readonly period: Period;
  /** Rows outside the period throw: they belong to another month. */
  readonly rows: Iterable<UsageRow>;
}

export interface UsageSlice {
  /** Index of the cut. */
  readonly cut: number;
  /** The bound that the input exceeds; 0 for none. */
  readonly context: number;
  units: bigint;
  events: bigint;
  /** Not yet reduced modulo 2^64. */
  digestA: bigint;
  digestB: bigint;
}

export class KeyUsage {
  private readonly bySlot = new Map<number, UsageSlice>();
  private readonly byContext = new Map<number, readonly (PriceRow | undefined)[]>();
  private readonly unitsByContext = new Map<number, readonly bigint[] | null>();

  constructor(
    readonly key: Omit<PriceKey, 'context'>,
    private readonly cuts: MonthCuts,
    private readonly terms: Terms,
  ) {}

  add(row: UsageRow): void {
    const cut = cutOf(this.cuts, row.hour);
    // Inputs are shorter than 2^30 tokens by far: one number tells cut and length.
    const slot = cut * 2 ** 30 + row.context;
    let slice = this.bySlot.get(slot);
    if (!slice) {
      slice = { cut, context: row.context, units: 0n, events: 0n, digestA: 0n, digestB: 0n };
      this.bySlot.set(slot, slice);
    }
    slice.units += row.units;
    slice.events += row.events;
    slice.digestA += row.digestA;
    slice.digestB += row.digestB;
  }

  /** In order of time, then length. */
  slices(): readonly UsageSlice[] {
    if (this.bySlot.size === 1) return [...this.bySlot.values()];
    return [...this.bySlot].toSorted(([left], [right]) => left - right).map(([, slice]) => slice);
  }

  /**
   * What a unit adds to the spend in each cut, where that is all there is to it: prices per unit, without allowance or conditions.
   * null for any other key: what its units add depends on the month.
   */
  unitPrices(context: number): readonly bigint[] | null {
    const known = this.unitsByContext.get(context);
    if (known !== undefined) return known;
    const { isFree, discount, maximumFemto } = this.cuts;
    const isPlain = maximumFemto === null && discount.every((share) => share === 0n);
    const charges = isPlain ? this.rowsFor(context).map((row) => row?.charge) : null;
    const prices = charges?.map((charge, cut) => {
      if (charge && (charge.model !== 'per_unit' || charge.freeUnits !== 0n)) return null;
      return isFree[cut] ? 0n : (charge?.femtoPerUnit ?? 0n);
    });
    const units = prices?.every((price) => price !== null) ? prices : null;
    this.unitsByContext.set(context, units);
    return units;
  }

  /** The price row of each cut, for requests of a length. */
  rowsFor(context: number): readonly (PriceRow | undefined)[] {
    const known = this.byContext.get(context);
    if (known) return known;
    const key = { ...this.key, context };
    const rows = this.cuts.starts.map((at) => priceAt(this.terms, key, at));
    this.byContext.set(context, rows);
    return rows;
  }
}

/** The usage of a month by key; `requests` rows are not priced and pass by. */
export class MonthUsage {
  private readonly byKey = new Map<string, KeyUsage>();

  constructor(
    readonly terms: Terms,
    readonly cuts: MonthCuts,
  ) {}

  /** Adds a row; its key's usage, undefined for `requests`. */
  add(row: UsageRow): KeyUsage | undefined {
    const usage = this.of(row);
    usage?.add(row);
    return usage;
  }

  /** The usage of a row's key, without the row. */
  of(row: UsageRow): KeyUsage | undefined {
    if (row.quantity === 'requests') return undefined;
    // NUL sorts first and is in no name: the text orders as the names do.
    const name = `${row.model}\0${row.serviceTier}\0${row.adapter ?? ''}\0${row.quantity}`;
    let usage = this.byKey.get(name);
    if (!usage) {
      const { model, serviceTier, adapter, quantity } = row;
      usage = new KeyUsage({ model, serviceTier, adapter, quantity }, this.cuts, this.terms);
      this.byKey.set(name, usage);
    }
    return usage;
  }

  /** By model, service tier, adapter, then quantity. */
  keys(): readonly KeyUsage[] {
    // Sorting the names alone is faster than sorting entries by a function.
    const names = [...this.byKey.keys()].toSorted();
    return names.map((name) => this.byKey.get(name) as KeyUsage);
  }
}

/** Whether two rows are the same row: the same place in the same document, not only the same price. */
export function isSameRow(left: PriceRow | undefined, right: PriceRow | undefined): boolean {
  return (
    left?.catalogVersion === right?.catalogVersion &&
    left?.overrideId === right?.overrideId &&
    left?.tierRow === right?.tierRow &&
    left?.aboveContext === right?.aboveContext
  );
}
