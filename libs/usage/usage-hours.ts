// A batch of metered events, summed in memory to the rows of `usage_hour` that it touches: one upsert per batch instead of per event.
import { countedQuantities, quantityHash } from '../events/digest.js';
import type { MeteredEvent, UsageDelta } from '../events/metered-batch.js';
import { contextOf } from '../rating/context-bounds.js';
import { hourOf } from '../time/instant.js';

/** Sums for one primary key of `usage_hour`. */
export interface HourSum {
  readonly organization: string;
  readonly hour: number;
  readonly model: string;
  readonly serviceTier: string;
  readonly adapter: string;
  readonly project: string;
  /** The bound that the requests' inputs exceed (libs/rating/context-bounds.ts). */
  readonly context: number;
  readonly quantity: string;
  units: bigint;
  events: number;
  /** Not yet reduced modulo 2^64. */
  digestA: bigint;
  digestB: bigint;
}

export interface HourSums {
  /** In the order of the primary key, so that two writers lock rows in the same order. */
  readonly sums: readonly HourSum[];
  /** Of all events, modulo 2^64. */
  readonly digestA: bigint;
  readonly digestB: bigint;
}

/** Sums the events per row; an event counts once in `events` of each quantity that it carries. */
export function sumHours(events: readonly MeteredEvent[]): HourSums {
  const byKey = new Map<string, HourSum>();
  let digestA = 0n;
  let digestB = 0n;
  for (const event of events)
    for (const delta of event.deltas) {
      const context = contextOf(delta.quantities);
      const prefix = rowPrefix(event.organization, delta, context);
      for (const [quantity, units] of countedQuantities(delta)) {
        const [a, b] = quantityHash(event.key, quantity, units);
        digestA += a;
        digestB += b;
        const sum = sumOf(byKey, `${prefix}\0${quantity}`, event.organization, {
          ...delta,
          context,
        });
        sum.units += BigInt(units);
        sum.events += delta.requests;
        sum.digestA += a;
        sum.digestB += b;
      }
    }
  const sums = [...byKey]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, sum]) => sum);
  return { sums, digestA: BigInt.asUintN(64, digestA), digestB: BigInt.asUintN(64, digestB) };
}

function rowPrefix(organization: string, delta: UsageDelta, context: number): string {
  const hour = hourOf(delta.at).toString().padStart(15, '0');
  return `${organization}\0${hour}\0${delta.model}\0${delta.serviceTier}\0${delta.adapter ?? ''}\0${delta.project ?? ''}\0${context.toString().padStart(9, '0')}`;
}

function sumOf(
  byKey: Map<string, HourSum>,
  key: string,
  organization: string,
  delta: UsageDelta & { readonly context: number },
): HourSum {
  const known = byKey.get(key);
  if (known) return known;
  const sum: HourSum = {
    organization,
    hour: hourOf(delta.at),
    model: delta.model,
    serviceTier: delta.serviceTier,
    adapter: delta.adapter ?? '',
    project: delta.project ?? '',
    context: delta.context,
    quantity: key.slice(key.lastIndexOf('\0') + 1),
    units: 0n,
    events: 0,
    digestA: 0n,
    digestB: 0n,
  };
  byKey.set(key, sum);
  return sum;
}
