// The table `stream_offset`: the one truth about how far a projection has read. Each statement is one step of
// projection-protocol.md section 2. Offsets stay below 2^53 and travel as numbers; digests and sums as bigint.
import type { DataSource, EntityManager } from 'typeorm';
import { changed, preparedChanged, preparedRows, rows } from '../database/database.js';
import type { TopicPartition } from '../log/event-log.js';
import type { FoldCounts } from './projection.js';

/** A claimed row: from now on only this epoch may move the position. */
export interface Claimed {
  readonly nextOffset: number;
  readonly epoch: number;
  readonly lastDigest: bigint | null;
  readonly haltReason: string | null;
  /** Offsets from the position on that an operator quarantined. */
  readonly skip: ReadonlySet<number>;
}

/** One step forward, with what the row shall say then. */
export interface Advance {
  readonly first: number;
  readonly next: number;
  readonly epoch: number;
  readonly lastDigest: bigint;
  readonly counts: FoldCounts;
  readonly appendedAt: number;
  /** Epoch ms up to which the rows now know everything. */
  readonly caughtUpAt: number;
}

export interface HaltRecord {
  readonly epoch: number;
  readonly reason: string;
  readonly detail: string;
  readonly at: number;
}

const KEY = 'projection = $1 AND topic = $2 AND partition = $3';
const TWO_64 = '18446744073709551616';

// Both run once a slice: planned anew each time they cost Postgres more than they do.
const LOCK = {
  name: 'stream-offset-lock',
  text: `SELECT next_offset, epoch FROM stream_offset WHERE ${KEY} FOR UPDATE`,
};
const ADVANCE = {
  name: 'stream-offset-advance',
  text: `UPDATE stream_offset SET next_offset = $6, last_digest = $7,
     applied = applied + $8, duplicates = duplicates + $9, quarantined = quarantined + $10,
     digest_a = mod(digest_a + $11, ${TWO_64}), digest_b = mod(digest_b + $12, ${TWO_64}),
     appended_at = $13, caught_up_at = greatest(caught_up_at, $14)
   WHERE ${KEY} AND next_offset = $4 AND epoch = $5`,
};

/** The rows of one projection. */
export class PositionRows {
  constructor(
    private readonly source: DataSource,
    private readonly projection: string,
  ) {}

  /** Takes the partition: a new epoch, this owner. Undefined when the partition has no row yet. */
  async claim(at: TopicPartition, owner: string): Promise<Claimed | undefined> {
    const [[row]] = (await this.source.query(
      `UPDATE stream_offset SET epoch = epoch + 1, owner = $4 WHERE ${KEY}
       RETURNING next_offset, epoch, last_digest, halt_reason`,
      [...this.key(at), owner],
    )) as [Record<string, string | null>[], number];
    if (row === undefined) return undefined;
    const skipped = await rows<{ record_offset: string }>(
      this.source,
      `SELECT record_offset FROM quarantine WHERE ${KEY} AND record_offset >= $4`,
      [...this.key(at), row['next_offset']],
    );
    return {
      nextOffset: Number(row['next_offset']),
      epoch: Number(row['epoch']),
      lastDigest: typeof row['last_digest'] === 'string' ? BigInt(row['last_digest']) : null,
      haltReason: row['halt_reason'] ?? null,
      skip: new Set(skipped.map((one) => Number(one.record_offset))),
    };
  }

  /** The first row of a partition, at offset 0; no matter when another instance was faster: both claim afterwards. */
  async create(at: TopicPartition, owner: string): Promise<void> {
    await this.source.query(
      `INSERT INTO stream_offset (projection, topic, partition, next_offset, epoch, owner)
       VALUES ($1, $2, $3, 0, 0, $4) ON CONFLICT DO NOTHING`,
      [...this.key(at), owner],
    );
  }

  /** Locks the row for the rest of the transaction. */
  async lock(
    tx: EntityManager,
    at: TopicPartition,
  ): Promise<{ readonly nextOffset: number; readonly epoch: number } | undefined> {
    const [row] = await preparedRows<{ next_offset: string; epoch: string }>(
      tx,
      LOCK,
      this.key(at),
    );
    return row && { nextOffset: Number(row.next_offset), epoch: Number(row.epoch) };
  }

  /** Compare and set: false when the row is not at `first` under this epoch, and nothing was changed. */
  async advance(tx: EntityManager, at: TopicPartition, step: Advance): Promise<boolean> {
    const { counts } = step;
    const count = await preparedChanged(tx, ADVANCE, [
      ...this.key(at),
      step.first,
      step.epoch,
      step.next,
      step.lastDigest.toString(),
      counts.applied,
      counts.duplicates,
      counts.quarantined,
      BigInt.asUintN(64, counts.digestA).toString(),
      BigInt.asUintN(64, counts.digestB).toString(),
      step.appendedAt,
      step.caughtUpAt,
    ]);
    return count === 1;
  }

  /** Writes a halt into the row and the audit; false when the epoch is no longer ours, and nothing was written. */
  async halt(at: TopicPartition, halt: HaltRecord): Promise<boolean> {
    return this.source.transaction(async (tx) => {
      const count = await changed(
        tx,
        `UPDATE stream_offset SET halt_reason = $5, halt_detail = $6, halted_at = $7
         WHERE ${KEY} AND epoch = $4`,
        [...this.key(at), halt.epoch, halt.reason, halt.detail, halt.at],
      );
      if (count === 0) return false;
      await tx.query(
        `INSERT INTO halt (projection, topic, partition, next_offset, reason, detail, halted_at)
         SELECT projection, topic, partition, next_offset, halt_reason, halt_detail, halted_at
         FROM stream_offset WHERE ${KEY} ON CONFLICT DO NOTHING`,
        this.key(at),
      );
      return true;
    });
  }

  /** Which partitions of this projection are halted, whoever owns them. */
  async halted(): Promise<readonly TopicPartition[]> {
    return rows(
      this.source,
      `SELECT topic, partition FROM stream_offset
       WHERE projection = $1 AND halt_reason IS NOT NULL`,
      [this.projection],
    );
  }

  /**
   * Notes that these partitions held everything the log had at `now`. Loses no time on locked rows, and no fsync on a note that the
   * next second repeats.
   */
  async noteCaughtUp(partitions: readonly TopicPartition[], now: number): Promise<void> {
    if (partitions.length === 0) return;
    await this.source.transaction(async (tx) => {
      await tx.query('SET LOCAL synchronous_commit = off');
      await tx.query(
        `UPDATE stream_offset s SET caught_up_at = $4 FROM (
           SELECT o.projection, o.topic, o.partition FROM stream_offset o
           JOIN unnest($2::text[], $3::int[]) AS idle (topic, partition) USING (topic, partition)
           WHERE o.projection = $1 AND o.caught_up_at < $4 FOR UPDATE OF o SKIP LOCKED) AS free
         WHERE (s.projection, s.topic, s.partition) = (free.projection, free.topic, free.partition)`,
        [
          this.projection,
          partitions.map((at) => at.topic),
          partitions.map((at) => at.partition),
          now,
        ],
      );
    });
  }

  private key(at: TopicPartition): readonly [string, string, number] {
    return [this.projection, at.topic, at.partition];
  }
}
