// What operators do about halted partitions: look, `retry`, `quarantine`, `accept-gap`. Each verb is one transaction that leaves
// an audit row; the runner that owns the partition notices within two seconds and claims it again.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '../database/database.js';
import { Problem } from '../http/problem.js';
import {
  type EventLog,
  OffsetOutOfRange,
  RecordsUnreadable,
  type StoredRecord,
} from '../log/event-log.js';
import type { Clock } from '../time/instant.js';
import { CHAIN_HOLE } from './chain.js';
import { LOG_GAP, LOG_STARTS_LATE, LOG_TRUNCATED, LOG_UNREADABLE } from './decide.js';

/** A partition of a projection, as the path of a verb names it. */
export interface PartitionName {
  readonly projection: string;
  readonly topic: string;
  readonly partition: number;
}

/** Who acts, and why: kept in the audit. */
export interface Act {
  readonly by: string;
  readonly note: string | null;
}

interface HaltedRow {
  readonly nextOffset: number;
  readonly reason: string;
  readonly detail: string;
}

const KEY = 'projection = $1 AND topic = $2 AND partition = $3';

/** The verbs. All throw Problem 404 `unknown_partition` or 409 `not_halted` where they do not apply. */
export class Halts {
  constructor(
    private readonly source: DataSource,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  /** Tries again from the same position: after the cause was removed. */
  async retry(at: PartitionName, act: Act): Promise<void> {
    await this.source.transaction(async (tx) => {
      await this.lockHalted(tx, at);
      await this.clear(tx, at, { verb: 'retry', argument: null, act });
    });
  }

  /** Keeps one record out of the fold for good; its bytes stay in `quarantine`. The offset is at the position or after it. */
  async quarantine(at: PartitionName, offset: number, act: Act): Promise<void> {
    const record = await this.recordAt(at, offset);
    await this.source.transaction(async (tx) => {
      const halted = await this.lockHalted(tx, at);
      if (offset < halted.nextOffset)
        throw new Problem(409, 'already_read', `Offset ${offset} was read before the halt.`);
      await tx.query(
        `INSERT INTO quarantine VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT DO NOTHING`,
        [
          ...keyOf(at),
          offset,
          halted.reason,
          halted.detail,
          record.key,
          record.value,
          record.appendedAt,
          act.by,
          this.clock(),
        ],
      );
      await this.clear(tx, at, { verb: 'quarantine', argument: String(offset), act });
    });
  }

  /**
   * Goes on behind a gap, `from` to `to` inclusive, that begins where the halt stands. For a `chain_hole` these are raw offsets. For
   * `log_truncated`, whose record at the end is another one, `to` may be `from − 1`: nothing is skipped, the difference is accepted.
   */
  async acceptGap(at: PartitionName, gap: { from: number; to: number }, act: Act): Promise<void> {
    await this.source.transaction(async (tx) => {
      const halted = await this.lockHalted(tx, at);
      const argument = `${gap.from}..${gap.to}`;
      if (halted.reason === CHAIN_HOLE) await moveChain(tx, at, gap);
      else await moveStream(tx, at, halted, gap);
      await this.clear(tx, at, { verb: 'accept-gap', argument, act });
    });
  }

  private async recordAt(at: PartitionName, offset: number): Promise<StoredRecord> {
    try {
      const [record] = await this.log.read(at.topic, at.partition, offset, { maxRecords: 1 });
      if (record?.offset === offset) return record;
    } catch (error) {
      if (error instanceof RecordsUnreadable)
        throw new Problem(
          409,
          'unreadable_offset',
          `The log cannot read offset ${offset}: there are no bytes to keep. Accept the gap instead.`,
        );
      if (!(error instanceof OffsetOutOfRange)) throw error;
    }
    throw new Problem(404, 'unknown_offset', `The log has no record at offset ${offset}.`);
  }

  private async lockHalted(tx: EntityManager, at: PartitionName): Promise<HaltedRow> {
    const [row] = await rows<Record<string, string | null>>(
      tx,
      `SELECT next_offset, halt_reason, halt_detail FROM stream_offset WHERE ${KEY} FOR UPDATE`,
      keyOf(at),
    );
    const name = `${at.projection} ${at.topic}[${at.partition}]`;
    if (row === undefined) throw new Problem(404, 'unknown_partition', `${name} has no position.`);
    const reason = row['halt_reason'];
    if (reason === null || reason === undefined)
      throw new Problem(409, 'not_halted', `${name} is not halted.`);
    return { nextOffset: Number(row['next_offset']), reason, detail: row['halt_detail'] ?? '' };
  }

  private async clear(
    tx: EntityManager,
    at: PartitionName,
    what: { verb: string; argument: string | null; act: Act },
  ): Promise<void> {
    await tx.query(
      `UPDATE stream_offset SET halt_reason = NULL, halt_detail = NULL, halted_at = NULL WHERE ${KEY}`,
      keyOf(at),
    );
    await tx.query(
      `UPDATE halt SET verb = $4, argument = $5, note = $6, resolved_by = $7, resolved_at = $8
       WHERE ${KEY} AND resolved_at IS NULL`,
      [...keyOf(at), what.verb, what.argument, what.act.note, what.act.by, this.clock()],
    );
  }
}

async function moveChain(
  tx: EntityManager,
  at: PartitionName,
  gap: { from: number; to: number },
): Promise<void> {
  const [row] = await rows<{ next_offset: string }>(
    tx,
    'SELECT next_offset FROM chain_position WHERE projection = $1 AND partition = $2 FOR UPDATE',
    [at.projection, at.partition],
  );
  const expected = Number(row?.next_offset ?? 0);
  if (gap.from !== expected || gap.to < gap.from) throw wrongGap(expected);
  await tx.query(
    `INSERT INTO chain_position VALUES ($1, $2, $3)
     ON CONFLICT (projection, partition) DO UPDATE SET next_offset = excluded.next_offset`,
    [at.projection, at.partition, gap.to + 1],
  );
}

// Without a digest the next claim has nothing to compare: the record before the position was never read.
async function moveStream(
  tx: EntityManager,
  at: PartitionName,
  halted: HaltedRow,
  gap: { from: number; to: number },
): Promise<void> {
  if (![LOG_GAP, LOG_STARTS_LATE, LOG_TRUNCATED, LOG_UNREADABLE].includes(halted.reason))
    throw new Problem(409, 'not_a_gap', `The halt is ${halted.reason}: there is no gap to accept.`);
  const least = halted.reason === LOG_TRUNCATED ? gap.from - 1 : gap.from;
  if (gap.from !== halted.nextOffset || gap.to < least) throw wrongGap(halted.nextOffset);
  await tx.query(`UPDATE stream_offset SET next_offset = $4, last_digest = NULL WHERE ${KEY}`, [
    ...keyOf(at),
    gap.to + 1,
  ]);
}

function wrongGap(expected: number): Problem {
  return new Problem(409, 'wrong_gap', `The gap begins at ${expected}, where the halt stands.`);
}

function keyOf(at: PartitionName): readonly [string, string, number] {
  return [at.projection, at.topic, at.partition];
}
