// The first offset wins: an event counts when the row that holds its key holds its own position.
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { LogPosition } from '#libs/events/rejection.js';
import type { KeyedEvent } from './interpret.js';

/** Where a key was first seen, and with which content. */
export interface Holder {
  readonly partition: number;
  readonly offset: number;
  readonly fingerprint: bigint;
}

export type Verdict =
  | { readonly kind: 'counted' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'conflict'; readonly winner: LogPosition }
  /** No row: a correction that was parked, or an offset that an operator quarantined. */
  | { readonly kind: 'unheld' };

/** Decides one event of a partition; the same before and after a crash, since the holder never changes. */
export function judge(entry: KeyedEvent, partition: number, holder: Holder | undefined): Verdict {
  if (!holder) return { kind: 'unheld' };
  if (holder.partition === partition && holder.offset === entry.offset) return { kind: 'counted' };
  if (holder.fingerprint === entry.fingerprint) return { kind: 'duplicate' };
  const { partition: of, offset } = holder;
  return { kind: 'conflict', winner: { topic: USAGE_RECORDED, partition: of, offset } };
}

/** The first occurrence of each key in a slice: what is offered to the identity table. */
export function firstOfEach(entries: readonly KeyedEvent[]): Map<string, KeyedEvent> {
  const first = new Map<string, KeyedEvent>();
  for (const entry of entries) if (!first.has(entry.key)) first.set(entry.key, entry);
  return first;
}
