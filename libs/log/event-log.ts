// The log port. Two adapters pass one contract suite: Kafka (kafkajs) and the embedded one (one Postgres table).
// The invariant a caller must know: `append` resolves only when the records are on all in-sync replicas, in order, contiguous.

export interface NewRecord {
  readonly key: string | null;
  readonly value: Buffer;
}

export interface StoredRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer;
  /** LogAppendTime, epoch ms. */
  readonly appendedAt: number;
}

export interface Appended {
  readonly firstOffset: number;
  /** The offset after the last record written. */
  readonly nextOffset: number;
}

export interface Watermarks {
  readonly partition: number;
  /** Oldest offset that can still be read. */
  readonly low: number;
  /** The offset that the next record will get. */
  readonly high: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a consumer makes of a batch; none of them is an exception. */
export type BatchOutcome =
  | { readonly kind: 'applied' }
  /** Fetch from this offset next, whatever was fetched before is dropped. */
  | { readonly kind: 'seek'; readonly offset: number }
  /** Deliver the partition again from the same offset after this long. */
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** Deliver nothing more until `resume`. */
  | { readonly kind: 'pause' };

export interface LogBatch extends TopicPartition {
  /** Contiguous, at least one. */
  readonly records: readonly StoredRecord[];
  readonly high: number;
  /** Tells the group that this member lives; throws when the partition is no longer ours: let it escape. */
  heartbeat(): Promise<void>;
  /** True when the partition was taken away or a seek is pending: abandon the batch. */
  isStale(): boolean;
}

/** A place in the log whose bytes are not what was written: the reader can neither fold nor skip what stands there. */
export interface Unreadable extends TopicPartition {
  /** Where the reader stands. */
  readonly offset: number;
  /** `the CRC of the record batch at 17 is wrong` */
  readonly detail: string;
}

export interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Batches in hand at once, of different partitions; 4 when not given. Not above the reader's database pool. */
  readonly concurrency?: number;
  /** Synchronous: called with the whole assignment each time the group settles, before the next batch is delivered. */
  onAssigned(partitions: readonly TopicPartition[]): void;
  /** Never called twice at once for one partition. A thrown error other than a heartbeat's is a programmer's mistake: `onCrash`. */
  onBatch(batch: LogBatch): Promise<BatchOutcome>;
  /**
   * Several fetches in a row, over seconds, brought bytes that cannot be read; records before them were delivered. Answered as a batch
   * is. Without it the partition is fetched again, every 5 s.
   */
  readonly onUnreadable?: (place: Unreadable) => Promise<BatchOutcome>;
  /** The consumer is dead and will not come back: the process should exit. */
  onCrash(error: Error): void;
}

/**
 * A partition that comes to this member starts at its oldest record, whatever was committed: the reader's own row says where
 * it stands, and it seeks, in `onAssigned` or by the outcome of the first batch. An offset outside the log is delivered as the
 * oldest record there is: the reader compares the first offset with the one it asked for, and looks at `watermarks`.
 */
export interface LogConsumer {
  /** Nothing when the partition is not assigned to this member. */
  seek(at: TopicPartition, offset: number): void;
  /** Holds until `resume`, also when the partition leaves and comes back. */
  pause(at: TopicPartition): void;
  resume(at: TopicPartition): void;
  /** For lag tools only; failures are swallowed. */
  commitHint(at: TopicPartition, offset: number): void;
  /** Waits for running batches (at most 10 s), leaves the group. */
  stop(): Promise<void>;
}

export interface ReadOptions {
  readonly maxRecords?: number;
  readonly maxBytes?: number;
}

export interface EventLog {
  /**
   * Creates what is missing and checks what exists: another partition count rejects with PartitionCountDiffers, settings that
   * would lose or misdate records with TopicSettingsDiffer; other differences are logged.
   */
  ensureTopics(topics: readonly { name: string; partitions: number }[]): Promise<void>;
  partitionCount(topic: string): Promise<number>;
  /**
   * Appends in order, all or nothing for up to 900 KiB; more is split and appended piece by piece in order.
   * Rejects with LogUnavailable (try again later: the records may be there or may still come), LogBusy (queue full; nothing
   * was sent), RecordTooLarge, UnknownPartition. An append of several pieces that rejects may have left its first pieces.
   */
  append(topic: string, partition: number, records: readonly NewRecord[]): Promise<Appended>;
  /** Watermarks of every partition, in partition order. */
  watermarks(topic: string): Promise<readonly Watermarks[]>;
  /**
   * Records from an offset on, possibly fewer than are there, [] at the end. Rejects with OffsetOutOfRange, or RecordsUnreadable. No
   * group is involved.
   */
  read(
    topic: string,
    partition: number,
    from: number,
    options?: ReadOptions,
  ): Promise<readonly StoredRecord[]>;
  consume(options: ConsumeOptions): Promise<LogConsumer>;
  close(): Promise<void>;
}

/** The log cannot take or give records now; the same call may succeed later. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}

/** This process already holds as many unacknowledged bytes as it may; nothing of the call was sent. */
export class LogBusy extends Error {
  override readonly name = 'LogBusy';
}

export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
}

export class OffsetOutOfRange extends Error {
  override readonly name = 'OffsetOutOfRange';
  constructor(
    readonly at: TopicPartition,
    readonly offset: number,
    readonly low: number,
    readonly high: number,
  ) {
    super(`${at.topic}[${at.partition}] has offsets ${low} to ${high}, not ${offset}`);
  }
}

/** The bytes at an offset are not what was written, however often they are read. */
export class RecordsUnreadable extends Error {
  override readonly name = 'RecordsUnreadable';
  constructor(
    readonly at: TopicPartition,
    readonly offset: number,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${at.topic}[${at.partition}] cannot be read at ${offset}: ${detail}`, options);
  }
}

/** No such topic, or no such partition of it. */
export class UnknownPartition extends Error {
  override readonly name = 'UnknownPartition';
  constructor(readonly at: TopicPartition) {
    super(`the log has no partition ${at.topic}[${at.partition}]`);
  }
}

/** An existing topic has another number of partitions than asked for: keys would move between partitions. */
export class PartitionCountDiffers extends Error {
  override readonly name = 'PartitionCountDiffers';
}

/** An existing topic would lose or misdate records: `retention.ms is 604800000, not -1: …`, one sentence per setting. */
export class TopicSettingsDiffer extends Error {
  override readonly name = 'TopicSettingsDiffer';
  constructor(readonly differences: readonly string[]) {
    super(`topics would not keep the account: ${differences.join('; ')}`);
  }
}

/** Thrown by a batch's `heartbeat`: the partition went to another member; let it escape from `onBatch`. */
export class PartitionRevoked extends Error {
  override readonly name = 'PartitionRevoked';
  constructor(at: TopicPartition) {
    super(`${at.topic}[${at.partition}] is no longer assigned to this member`);
  }
}
