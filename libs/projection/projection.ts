// What a projection supplies; the runtime (`runner.ts`) does the rest of projection-protocol.md: claim, one transaction a
// batch, compare-and-set, seek, halt, back-off, heartbeat. The invariant: a projection's rows and its position move together.
import type { EntityManager } from 'typeorm';
import type { StoredRecord, TopicPartition } from '../log/event-log.js';

/** At most `batch.maxRecords` contiguous records of one partition; applied as a whole or not at all. */
export interface Slice extends TopicPartition {
  readonly records: readonly StoredRecord[];
  readonly first: number;
  /** The offset after the last record. */
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

export interface Projection<Folded = unknown> {
  /** Consumer group and key of the position rows: `metering.usage`. */
  readonly name: string;
  readonly topics: readonly string[];
  readonly maxRecords: number;
  /** Topics that must be read to the end (as of after the batch came) before a batch is folded: `accounts`, `catalog`. */
  readonly after?: readonly { readonly projection: string; readonly topic: string }[];
  /**
   * Writes the effect of a slice inside the runtime's transaction, after the position row is locked and checked.
   * Throws `PartitionHalt` when going on would be a guess; any Postgres error is retried or halts by its class.
   */
  fold(
    tx: EntityManager,
    slice: Slice,
  ): Promise<{ readonly counts: FoldCounts; readonly folded: Folded }>;
  /**
   * After the commit, in offset order per partition, awaited before the next slice of the partition is committed twice over
   * (at most two unfinished). A rejection makes the runtime forget the partition and claim it again.
   */
  afterCommit?(slice: Slice, folded: Folded): Promise<void>;
  /** When a partition is claimed, before its first batch: the place to append again what a crash left unappended. */
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
