// Control totals: what the door acknowledged, per partition and minute. The one check that trusts neither Kafka nor its client.
import { addDigests, NO_DIGEST, type Digest } from '#libs/events/digest.js';
import { recordedTotals } from '#libs/events/recorded-digest.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { DAY_MS, MINUTE_MS } from '#libs/time/instant.js';

export interface ControlTotal {
  /** Start of the minute of the acknowledgement, epoch ms. */
  readonly minute: number;
  readonly partition: number;
  readonly events: bigint;
  readonly units: bigint;
  readonly digest: Digest;
}

// A clock that is set back must find the minute it writes again, or it would overwrite what is stored with less.
const KEPT_MS = DAY_MS;

/** Sums of this process since it started; a minute is forgotten a day after it was saved. */
export class ControlTotals {
  private readonly totals = new Map<string, ControlTotal>();
  private readonly unsaved = new Set<string>();

  /** Adds events that one partition acknowledged at one instant. */
  add(partition: number, acknowledgedAt: number, events: readonly UsageEvent[]): void {
    const minute = Math.floor(acknowledgedAt / MINUTE_MS) * MINUTE_MS;
    const name = `${minute} ${partition}`;
    const before = this.totals.get(name);
    const added = recordedTotals(events);
    const units = (before?.units ?? 0n) + added.units;
    const digest = addDigests(before?.digest ?? NO_DIGEST, added.digest);
    const count = (before?.events ?? 0n) + BigInt(events.length);
    this.totals.set(name, { minute, partition, events: count, units, digest });
    this.unsaved.add(name);
  }

  /** The whole figures of every minute that changed since it was last saved. */
  changed(): readonly ControlTotal[] {
    const changed: ControlTotal[] = [];
    for (const name of this.unsaved) {
      const total = this.totals.get(name);
      if (total) changed.push(total);
    }
    return changed;
  }

  /** These figures are stored; what was added meanwhile stays unsaved. */
  saved(stored: readonly ControlTotal[], now: number): void {
    for (const total of stored) {
      const name = `${total.minute} ${total.partition}`;
      if (this.totals.get(name) === total) this.unsaved.delete(name);
    }
    for (const [name, { minute }] of this.totals)
      if (minute + KEPT_MS < now && !this.unsaved.has(name)) this.totals.delete(name);
  }
}
