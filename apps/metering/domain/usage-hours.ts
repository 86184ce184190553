// Deltas folded to one row per hour and set of names. Sums are numbers while they are exact and BigInt beyond 2^53. Each row has
// the digest of what it counts: summed over an organization's month it is the same as quota's and invoicing's.
import { countedQuantities, type Digest, quantityHash } from '#libs/events/digest.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { QUANTITIES, type Quantity } from '#libs/events/quantities.js';
import { hourOf } from '#libs/time/instant.js';

export type Sum = number | bigint;

export interface UsageHour {
  /** Epoch ms of its start. */
  readonly hour: number;
  readonly organization: string;
  readonly model: string;
  readonly serviceTier: string;
  /** '' stands for none, here and below. */
  readonly adapter: string;
  readonly project: string;
  readonly apiKey: string;
  readonly endUser: string;
  requests: Sum;
  readonly quantities: Partial<Record<Quantity, Sum>>;
  /** Order-free digest (libs/events/digest.ts), not yet reduced modulo 2^64. */
  digestA: bigint;
  digestB: bigint;
}

/**
 * Rows in the order of the table's key, so that two folds never lock them crosswise. A row of usage that was voided again sums to
 * nothing and is kept: its digest says that both were counted.
 */
export function foldHours(events: readonly MeteredEvent[]): UsageHour[] {
  const hours = new Map<string, UsageHour>();
  for (const { organization, key, deltas } of events)
    for (const delta of deltas) addTo(hourFor(hours, organization, delta), delta, key);
  return [...hours.entries()]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, hour]) => hour);
}

/** The quantities that any of the rows has: only these columns need to be written. */
export function quantitiesIn(hours: readonly UsageHour[]): Quantity[] {
  return QUANTITIES.filter((quantity) =>
    hours.some((hour) => hour.quantities[quantity] !== undefined),
  );
}

/** The digest of all rows, modulo 2^64: that of the events that they were folded from. */
export function digestOf(hours: readonly UsageHour[]): Digest {
  let a = 0n;
  let b = 0n;
  for (const hour of hours) {
    a += hour.digestA;
    b += hour.digestB;
  }
  return [BigInt.asUintN(64, a), BigInt.asUintN(64, b)];
}

function hourFor(
  hours: Map<string, UsageHour>,
  organization: string,
  delta: UsageDelta,
): UsageHour {
  const { model, serviceTier } = delta;
  const hour = hourOf(delta.at);
  const adapter = delta.adapter ?? '';
  const project = delta.project ?? '';
  const apiKey = delta.apiKey ?? '';
  const endUser = delta.user ?? '';
  // Epoch ms has 13 digits until 2286: the text sorts as the key does.
  const name = `${hour}\n${organization}\n${model}\n${serviceTier}\n${adapter}\n${project}\n${apiKey}\n${endUser}`;
  const known = hours.get(name);
  if (known) return known;
  const made = {
    hour,
    organization,
    model,
    serviceTier,
    adapter,
    project,
    apiKey,
    endUser,
    requests: 0,
    quantities: {},
    digestA: 0n,
    digestB: 0n,
  };
  hours.set(name, made);
  return made;
}

function addTo(hour: UsageHour, delta: UsageDelta, key: string): void {
  for (const [name, units] of countedQuantities(delta)) {
    if (name === 'requests') hour.requests = add(hour.requests, units);
    else hour.quantities[name] = add(hour.quantities[name] ?? 0, units);
    const [a, b] = quantityHash(key, name, units);
    hour.digestA += a;
    hour.digestB += b;
  }
}

function add(sum: Sum, units: number): Sum {
  if (typeof sum === 'bigint') return sum + BigInt(units);
  const next = sum + units;
  return Number.isSafeInteger(next) ? next : BigInt(sum) + BigInt(units);
}
