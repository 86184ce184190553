// What usage that was told by a call, and not by its event yet, can have cost at most.
import {
  INPUT_POOLS,
  OUTPUT_POOLS,
  MEASURES,
  type Quantities,
  type Quantity,
} from '#libs/events/quantities.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { Reservation } from './reservation.js';
import { dearestFemto } from './worst-case.js';

/** The most that known usage can have cost while the reservation lived; what no row prices at all costs nothing yet. */
export function mostFemto(
  terms: Terms,
  { request, madeAt }: Pick<Reservation, 'request' | 'madeAt'>,
  used: Quantities,
  to: number,
): bigint {
  const span = { from: madeAt, to: Math.max(to, madeAt + 1) };
  let sum = 0n;
  for (const [name, units] of Object.entries(used) as [Quantity, number][]) {
    const most = (pools: readonly Quantity[]): bigint | undefined =>
      dearestFemto(terms, request, { pools, units: BigInt(units) }, span);
    sum += most([name]) ?? most(sideOf(name)) ?? 0n;
  }
  return sum;
}

function sideOf(name: Quantity): readonly Quantity[] {
  if (MEASURES.some((measure) => measure === name)) return [name];
  return OUTPUT_POOLS.some((pool) => pool === name) ? OUTPUT_POOLS : INPUT_POOLS;
}
