// What becomes of each record of a range, once it is known who holds each key: counted, a repeat, or parked. Folding a slice and
// deriving it again after a crash both call this, so that they cannot differ.
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import type { RejectedUsage } from '#libs/events/rejection.js';
import { type Holder, judge } from './identity.js';
import {
  type Entry,
  type KeyedEvent,
  rejectedConflict,
  rejectedCorrection,
  rejectedPoison,
} from './interpret.js';

export interface SortedOut {
  /** In offset order. */
  readonly events: readonly MeteredEvent[];
  readonly repeats: readonly { readonly key: string; readonly offset: number }[];
  readonly rejected: readonly RejectedUsage[];
}

/** What is published of a range. */
export type Accepted = Pick<SortedOut, 'events' | 'rejected'>;

export interface Known {
  readonly holders: ReadonlyMap<string, Holder>;
  /** What a counted event changes: its own usage, or what its correction booked. */
  readonly deltasOf: (entry: KeyedEvent) => readonly UsageDelta[];
}

/** Sorts the records of one partition; a pure function of the log and the identity and correction tables. */
export function sortOut(entries: readonly Entry[], partition: number, known: Known): SortedOut {
  const events: MeteredEvent[] = [];
  const repeats: { key: string; offset: number }[] = [];
  const rejected: RejectedUsage[] = [];
  for (const entry of entries) {
    if (entry.kind === 'poison') {
      rejected.push(rejectedPoison(entry, partition));
      continue;
    }
    const verdict = judge(entry, partition, known.holders.get(entry.key));
    if (verdict.kind === 'counted') events.push(meteredEvent(entry, known.deltasOf(entry)));
    else if (verdict.kind === 'duplicate') repeats.push({ key: entry.key, offset: entry.offset });
    else if (verdict.kind === 'conflict')
      rejected.push(rejectedConflict(entry, partition, verdict.winner));
    else if (entry.event.kind !== 'recorded') rejected.push(rejectedCorrection(entry, partition));
    // A recorded event that nobody holds was quarantined by an operator: its row in `quarantine` says so.
  }
  return { events, repeats, rejected };
}

function meteredEvent(entry: KeyedEvent, deltas: readonly UsageDelta[]): MeteredEvent {
  const { offset, key, event } = entry;
  const { kind, source, id, organization, reservation } = event;
  return { offset, key, kind, source, id, organization, reservation, deltas };
}
