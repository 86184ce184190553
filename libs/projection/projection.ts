// What a projection supplies; the runtime (`runner.ts`) does the rest of projection-protocol.md: claim, one transaction a
// batch, compare-and-set, seek, halt, back-off, heartbeat. The invariant: a projection's rows and its position move together.
import type { EntityManager } from 'typeorm';
import type { StoredRecord, TopicPartition } from '../log/event-log.js';

/** At most `maxRecords` records and `maxBytes` of one partition; applied as a whole or not at all. */
export interface Slice extends TopicPartition {
  /** Every record of [first, next) but those an operator quarantined; so it may be empty. */
  readonly records: readonly StoredRecord[];
  readonly first: number;
  /** The offset after the last record. A fold that reports its range reports [first, next). */
  readonly next: number;
}

/** What a fold reports for the partition's counters and its order-free digest. */
export interface FoldCounts {
  readonly applied: number;
  readonly duplicates: number;
  readonly quarantined: number;
  /** Sums modulo 2^64 of two independent hashes of what was applied. */
  readonly digestA: bigint;
  readonly digestB: bigint;
}

/** What a fold answers: figures for the position row, and what `afterCommit` needs. */
export interface FoldResult<Folded> {
  readonly counts: FoldCounts;
  readonly folded: Folded;
}

/** Reading `topic` by `projection` must have come this far first: a gate. */
export interface Gate {
  readonly projection: string;
  readonly topic: string;
}

export interface Projection<Folded = unknown, Prepared = unknown> {
  /** Consumer group and key of the position rows: `metering.usage`. */
  readonly name: string;
  readonly topics: readonly string[];
  readonly maxRecords: number;
  /** Of the records' values; 1 MiB. One record is taken however large it is. */
  readonly maxBytes?: number;
  /** Topics that must be read to the end (as of after the batch came) before a batch is folded: `accounts`, `catalog`. */
  readonly after?: readonly Gate[];
  /**
   * Work that needs no database (parsing, hashing), done outside the transaction, for the next slice while this one's statements run.
   * May be done in vain and again for the same records; throws like `fold`.
   */
  prepare?(slice: Slice): Promise<Prepared> | Prepared;
  /**
   * Writes the effect of a slice inside the runtime's transaction, after the position row is locked and checked.
   * `prepared` is what `prepare` gave for this very slice, undefined without it.
   * Throws `PartitionHalt` when going on would be a guess; a Postgres error is retried or halts by its class
   * (`failure-class.ts`), any other error halts with `fold_failed`.
   */
  fold(tx: EntityManager, slice: Slice, prepared: Prepared): Promise<FoldResult<Folded>>;
  /**
   * After the commit, one at a time in offset order per partition; a slice is folded only when at most one is unfinished before it
   * (so at most two unfinished). A rejection makes the runtime forget the partition and claim it again: `onClaimed` repairs.
   */
  afterCommit?(slice: Slice, folded: Folded): Promise<void>;
  /**
   * When a partition is claimed, before its first batch, also when no batch comes: the place to append again what a crash left
   * unappended. A `PartitionHalt` halts; any other rejection is tried again after a while.
   */
  onClaimed?(at: TopicPartition, nextOffset: number): Promise<void>;
}

/** Stops one partition with a reason that is kept in its row, until an operator resolves it. */
export class PartitionHalt extends Error {
  override readonly name = 'PartitionHalt';
  constructor(
    readonly reason: string,
    detail: string,
  ) {
    super(detail);
  }
}
