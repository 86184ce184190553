// Deltas folded to one row per hour and set of names. Sums are numbers while they are exact and BigInt beyond 2^53. Each row has
// the digest of what it counts: summed over an organization's month it is the same as quota's and invoicing's.
import { type Digest, DigestSum } from '#libs/events/digest.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { type Names, NameGroups } from '#libs/events/name-groups.js';
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
  readonly requests: Sum;
  readonly quantities: Partial<Record<Quantity, Sum>>;
  /** Order-free digest (libs/events/digest.ts), modulo 2^64. */
  readonly digestA: bigint;
  readonly digestB: bigint;
}

/**
 * Rows in the order of the table's key, so that two folds never lock them crosswise. A row of usage that was voided again sums to
 * nothing and is kept: its digest says that both were counted.
 */
export function foldHours(events: readonly MeteredEvent[]): UsageHour[] {
  const all: HourSum[] = [];
  const groups = new NameGroups((organization, names) => new Hours(organization, names, all));
  for (const { organization, key, deltas } of events)
    for (const delta of deltas) groups.of(organization, delta).at(hourOf(delta.at)).add(delta, key);
  return all
    .map((sum) => ({ name: keyText(sum), sum }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ sum }) => sum.finished());
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

/** The hours of one set of names; a slice holds one or two. */
class Hours {
  private readonly own: HourSum[] = [];

  constructor(
    private readonly organization: string,
    private readonly names: Names,
    private readonly all: HourSum[],
  ) {}

  at(hour: number): HourSum {
    for (const known of this.own) if (known.hour === hour) return known;
    const made = new HourSum(hour, this.organization, this.names);
    this.own.push(made);
    this.all.push(made);
    return made;
  }
}

/** One row while it is summed. */
class HourSum {
  private readonly digest = new DigestSum();
  private readonly quantities: Partial<Record<Quantity, Sum>> = {};
  private requests: Sum = 0;

  constructor(
    readonly hour: number,
    readonly organization: string,
    readonly names: Names,
  ) {}

  add({ quantities, requests }: UsageDelta, key: string): void {
    for (const name in quantities) {
      const quantity = name as Quantity;
      const units = quantities[quantity];
      if (!units) continue;
      this.quantities[quantity] = add(this.quantities[quantity] ?? 0, units);
      this.digest.add(key, quantity, units);
    }
    this.requests = add(this.requests, requests);
    this.digest.add(key, 'requests', requests);
  }

  finished(): UsageHour {
    const { hour, organization, names, requests, quantities } = this;
    const { model, serviceTier } = names;
    const [digestA, digestB] = this.digest.digest();
    return {
      hour,
      organization,
      model,
      serviceTier,
      adapter: names.adapter ?? '',
      project: names.project ?? '',
      apiKey: names.apiKey ?? '',
      endUser: names.user ?? '',
      requests,
      quantities,
      digestA,
      digestB,
    };
  }
}

// Epoch ms has 13 digits until 2286: the text sorts as the key does.
function keyText({ hour, organization, names }: HourSum): string {
  const { model, serviceTier, adapter, project, apiKey, user } = names;
  return `${hour}\n${organization}\n${model}\n${serviceTier}\n${adapter ?? ''}\n${project ?? ''}\n${apiKey ?? ''}\n${user ?? ''}`;
}

function add(sum: Sum, units: number): Sum {
  if (typeof sum === 'bigint') return sum + BigInt(units);
  const next = sum + units;
  return Number.isSafeInteger(next) ? next : BigInt(sum) + BigInt(units);
}
