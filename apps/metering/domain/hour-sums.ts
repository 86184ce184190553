// A batch of metered events, summed in memory to the rows of `usage_hour` that it touches: one statement a batch, not one an event.
import { quantityHash } from '#libs/events/digest.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { QUANTITIES, type Quantity } from '#libs/events/quantities.js';
import { hourOf } from '#libs/time/instant.js';

/** A number while it is exact, a bigint from 2^53 on. */
export type Whole = number | bigint;

/** Sums for one primary key of `usage_hour`; '' stands for a name that is unset. */
export interface HourSum {
  readonly hour: number;
  readonly organization: string;
  readonly model: string;
  readonly serviceTier: string;
  readonly adapter: string;
  readonly project: string;
  readonly apiKey: string;
  readonly endUser: string;
  /** Requests counted, less those taken off. */
  requests: number;
  /** Events that touched the row. */
  events: number;
  /** In the order of QUANTITIES. */
  readonly units: Whole[];
  /** Not yet reduced modulo 2^64. */
  digestA: bigint;
  digestB: bigint;
}

export interface HourSums {
  /** In the order of the primary key, so that two writers lock rows in the same order. */
  readonly sums: readonly HourSum[];
  /** The quantities that any of the events carries. */
  readonly used: readonly Quantity[];
  /** Of all events, modulo 2^64. */
  readonly digestA: bigint;
  readonly digestB: bigint;
}

const PLACES = new Map<string, number>(QUANTITIES.map((name, place) => [name, place]));

/** The sum, exact at any size: 2^53 − 1 and 1 give the bigint 2^53. */
export function plus(left: Whole, right: Whole): Whole {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(left) + BigInt(right);
}

/** Sums the events per row; the digest is that of libs/events/digest.ts over every quantity and `requests`. */
export function sumHours(events: readonly MeteredEvent[]): HourSums {
  const byKey = new Map<string, HourSum>();
  const used = new Set<number>();
  let digestA = 0n;
  let digestB = 0n;
  for (const { key, organization, deltas } of events)
    for (const delta of deltas) {
      const sum = rowOf(byKey, organization, delta);
      let [a, b] = quantityHash(key, 'requests', delta.requests);
      for (const name in delta.quantities) {
        const units = delta.quantities[name as Quantity] as number;
        if (units === 0) continue;
        const place = PLACES.get(name) as number;
        sum.units[place] = plus(sum.units[place] as Whole, units);
        used.add(place);
        const [hashA, hashB] = quantityHash(key, name, units);
        a += hashA;
        b += hashB;
      }
      sum.requests += delta.requests;
      sum.events += 1;
      sum.digestA += a;
      sum.digestB += b;
      digestA += a;
      digestB += b;
    }
  return {
    sums: [...byKey].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, sum]) => sum),
    used: QUANTITIES.filter((_, place) => used.has(place)),
    digestA: BigInt.asUintN(64, digestA),
    digestB: BigInt.asUintN(64, digestB),
  };
}

function rowOf(byKey: Map<string, HourSum>, organization: string, delta: UsageDelta): HourSum {
  const hour = hourOf(delta.at);
  const { model, serviceTier } = delta;
  const adapter = delta.adapter ?? '';
  const project = delta.project ?? '';
  const apiKey = delta.apiKey ?? '';
  const endUser = delta.user ?? '';
  // Any total order will do, as long as every writer has it. No name holds a line feed.
  const key = `${hour}\n${organization}\n${model}\n${serviceTier}\n${adapter}\n${project}\n${apiKey}\n${endUser}`;
  const known = byKey.get(key);
  if (known) return known;
  const names = { hour, organization, model, serviceTier, adapter, project, apiKey, endUser };
  const units = QUANTITIES.map(() => 0);
  const sum = { ...names, requests: 0, events: 0, units, digestA: 0n, digestB: 0n };
  byKey.set(key, sum);
  return sum;
}
