// When within a month its spend came about, for whoever has to say when a threshold was reached.
import type { KeyUsage, RatingInput } from './key-usage.js';
import { MonthUsage } from './key-usage.js';
import type { MonthCuts } from './month-cuts.js';
import { cutOf, HAS_MAXIMUM, monthCuts } from './month-cuts.js';
import { ratedRows } from './rated-parts.js';

/**
 * What each hour adds to the spend, ascending; the sum over a period is its `spentFemto`. An hour adds the difference that its usage
 * makes: under a cap nothing more, and less than nothing where it reaches a cheaper volume tier.
 */
export function spentByHour({ terms, period, rows }: RatingInput): [hour: number, femto: bigint][] {
  const cuts = monthCuts(terms, period);
  const usage = new MonthUsage(terms, cuts);
  const known = new Map<KeyUsage, ReadonlyMap<number, bigint>>();
  const paid = new Map<number, bigint>();
  const hours: [hour: number, femto: bigint][] = [];
  let spent = 0n;
  for (const [hour, used] of byHour(rows)) {
    let added = 0n;
    const touched = new Set<KeyUsage>();
    for (const row of used) {
      const key = usage.of(row);
      const prices = key?.unitPrices(row.context);
      if (prices) added += row.units * (prices[cutOf(cuts, hour)] as bigint);
      else if (key) {
        key.add(row);
        touched.add(key);
      }
    }
    for (const key of touched) {
      addTo(paid, known.get(key) ?? new Map<number, bigint>(), -1n);
      const now = paidFor(key, cuts);
      known.set(key, now);
      addTo(paid, now, 1n);
    }
    const total = cappedTotal(cuts, paid);
    const femto = added + total - spent;
    spent = total;
    if (femto !== 0n) hours.push([hour, femto]);
  }
  return hours;
}

// By the conditions that hold: what falls under the cap is paid up to it.
function cappedTotal({ maximumFemto }: MonthCuts, paid: ReadonlyMap<number, bigint>): bigint {
  let free = 0n;
  let under = 0n;
  for (const [conditions, femto] of paid)
    if ((conditions & HAS_MAXIMUM) === 0) free += femto;
    else under += femto;
  return free + (maximumFemto !== null && under > maximumFemto ? maximumFemto : under);
}

function byHour(rows: RatingInput['rows']) {
  return [...Map.groupBy(rows, ({ hour }) => hour)].toSorted(([left], [right]) => left - right);
}

function paidFor(key: KeyUsage, cuts: MonthCuts): ReadonlyMap<number, bigint> {
  const sums = new Map<number, bigint>();
  for (const { parts } of ratedRows(key, cuts))
    for (const { paid } of parts)
      for (const { conditions, femto } of paid)
        sums.set(conditions, (sums.get(conditions) ?? 0n) + femto);
  return sums;
}

function addTo(sums: Map<number, bigint>, more: ReadonlyMap<number, bigint>, sign: 1n | -1n): void {
  for (const [conditions, femto] of more)
    sums.set(conditions, (sums.get(conditions) ?? 0n) + sign * femto);
}
