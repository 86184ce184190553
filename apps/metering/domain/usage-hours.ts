// Deltas folded to one row per hour and set of names. Sums are numbers while they are exact and BigInt beyond 2^53.
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
}

/** Rows in the order of the table's key, so that two folds never lock them crosswise; rows that sum to nothing are left out. */
export function foldHours(events: readonly MeteredEvent[]): UsageHour[] {
  const hours = new Map<string, UsageHour>();
  for (const { organization, deltas } of events)
    for (const delta of deltas) addTo(hourFor(hours, organization, delta), delta);
  return [...hours.entries()]
    .filter(([, hour]) => !isEmpty(hour))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, hour]) => hour);
}

/** The quantities that any of the rows has: only these columns need to be written. */
export function quantitiesIn(hours: readonly UsageHour[]): Quantity[] {
  return QUANTITIES.filter((quantity) =>
    hours.some((hour) => hour.quantities[quantity] !== undefined),
  );
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
  };
  hours.set(name, made);
  return made;
}

function addTo(hour: UsageHour, delta: UsageDelta): void {
  hour.requests = add(hour.requests, delta.requests);
  for (const name in delta.quantities) {
    const quantity = name as Quantity;
    hour.quantities[quantity] = add(
      hour.quantities[quantity] ?? 0,
      delta.quantities[quantity] ?? 0,
    );
  }
}

function add(sum: Sum, units: number): Sum {
  if (typeof sum === 'bigint') return sum + BigInt(units);
  const next = sum + units;
  return Number.isSafeInteger(next) ? next : BigInt(sum) + BigInt(units);
}

function isEmpty({ requests, quantities }: UsageHour): boolean {
  return Number(requests) === 0 && Object.values(quantities).every((units) => Number(units) === 0);
}
