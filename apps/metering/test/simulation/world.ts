// What all processes of the simulation share: the raw log, the database of metering, `usage.metered`, and the ledger of the nodes.
import type { StoredRecord } from '#libs/log/event-log.js';
import type { Holder } from '../../domain/identity.js';

export type Random = () => number;

/** The same numbers in [0, 1) for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const { imul } = Math;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a node sends: an event by its key, with a content that decides its units; or poison. */
export interface Sent {
  readonly key: string;
  readonly content: number;
  readonly isPoison: boolean;
  /** By its organization; a repeat may come from a time with fewer partitions. */
  readonly partition: number;
}

export interface RawRecord extends StoredRecord {
  readonly sent: Sent;
}

/** One range on `usage.metered`. */
export interface Published {
  readonly from: number;
  readonly to: number;
  readonly events: readonly { readonly offset: number; readonly sent: Sent }[];
}

const EMPTY = Buffer.alloc(0);

/** One partition of the raw log with its position row and its part of `usage.metered`. */
export class Partition {
  readonly records: RawRecord[] = [];
  readonly published: Published[] = [];
  /** How far `usage.metered` covers the raw log. */
  covered = 0;
  /** What the group's committed offset says, which nobody trusts. */
  hint = 0;
  readonly row = { next: 0, epoch: 0, halt: undefined as string | undefined };
  lockedBy: number | undefined;
  counted = 0;
  repeated = 0;
  parked = 0;

  constructor(readonly number: number) {}

  get high(): number {
    return this.records.length;
  }

  append(all: readonly Sent[]): number {
    const first = this.high;
    for (const sent of all)
      this.records.push({ offset: this.high, key: null, value: EMPTY, appendedAt: 0, sent });
    return first;
  }

  publish(range: Published): void {
    this.published.push(range);
    this.covered = Math.max(this.covered, range.to);
  }
}

/** A row of the identity table; `by` is the transaction that inserted it and has not ended. */
export interface IdentityRow {
  readonly holder: Holder;
  by: number | undefined;
}

export class World {
  readonly partitions: readonly Partition[];
  readonly identity = new Map<string, IdentityRow>();
  /** How often each key was counted, and with which content last. */
  readonly counts = new Map<string, { times: number; content: number }>();
  /** What nodes were told is stored. */
  readonly acknowledged: Sent[] = [];
  /** Slices that were folded and thrown away because another owner had been there. */
  vain = 0;
  private transactions = 0;

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, (_, number) => new Partition(number));
  }

  partition(number: number): Partition {
    return this.partitions[number] as Partition;
  }

  begin(): number {
    this.transactions += 1;
    return this.transactions;
  }

  /** What the server does for a session that ended inside a transaction. */
  rollBack(transaction: number): void {
    for (const partition of this.partitions)
      if (partition.lockedBy === transaction) partition.lockedBy = undefined;
    for (const [key, row] of this.identity) if (row.by === transaction) this.identity.delete(key);
  }
}
