// The transactional outbox: a fact's record is a row of the transaction that made it; the relay moves rows to the log in the
// order of their fact ids and writes down where they are.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { LogPosition } from '#libs/events/rejection.js';

export interface OutboxRow {
  readonly topic: string;
  readonly factId: number;
  readonly key: string;
  readonly value: Buffer;
}

export interface NewOutboxRow extends OutboxRow {
  readonly recordedAt: number;
  readonly requestKey: string | null;
  /** Set when the fact is known from the log. */
  readonly publishedOffset?: number;
}

interface Wire {
  topic: string;
  fact_id: string;
  key: string;
  value: Buffer;
}

/** Where the commit of a fact is announced. */
export const OUTBOX_CHANNEL = 'meterbook_outbox';

const POLL_MS = 10;

export class OutboxStore {
  constructor(private readonly source: DataSource) {}

  /** Adds a fact in the transaction that makes it; the commit wakes the relay, in whichever process it is. */
  async add(tx: EntityManager, row: NewOutboxRow): Promise<void> {
    await tx.query(
      `INSERT INTO outbox (topic, fact_id, key, value, recorded_at, request_key, published_offset)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        row.topic,
        row.factId,
        row.key,
        row.value,
        row.recordedAt,
        row.requestKey,
        row.publishedOffset ?? null,
      ],
    );
    await tx.query(`SELECT pg_notify('${OUTBOX_CHANNEL}', '')`);
  }

  /** The newest fact that the same request made since an instant. */
  async ofRequest(
    tx: EntityManager,
    requestKey: string,
    since: number,
  ): Promise<OutboxRow | undefined> {
    const [row] = await rows<Wire>(
      tx,
      `SELECT topic, fact_id, key, value FROM outbox
       WHERE request_key = $1 AND recorded_at >= $2 ORDER BY fact_id DESC LIMIT 1`,
      [requestKey, since],
    );
    return row && toRow(row);
  }

  /** What is not yet in the log, in order. */
  async pending(tx: EntityManager, topic: string, limit: number): Promise<OutboxRow[]> {
    const found = await rows<Wire>(
      tx,
      `SELECT topic, fact_id, key, value FROM outbox
       WHERE topic = $1 AND published_offset IS NULL ORDER BY fact_id LIMIT $2`,
      [topic, limit],
    );
    return found.map(toRow);
  }

  /** Writes down where facts are in the log. */
  async markPublished(
    tx: EntityManager,
    topic: string,
    places: readonly { readonly factId: number; readonly offset: number }[],
  ): Promise<void> {
    await tx.query(
      `UPDATE outbox SET published_offset = place.at
       FROM unnest($2::bigint[], $3::bigint[]) AS place (fact_id, at)
       WHERE topic = $1 AND outbox.fact_id = place.fact_id AND published_offset IS NULL`,
      [topic, places.map(({ factId }) => factId), places.map(({ offset }) => offset)],
    );
  }

  /** The highest fact known to be in the log and its offset; fact 0 at offset −1 when there is none. */
  async lastPublished(topic: string): Promise<{ factId: number; offset: number }> {
    const [row] = await rows<{ fact_id: string; published_offset: string }>(
      this.source,
      `SELECT fact_id, published_offset FROM outbox
       WHERE topic = $1 AND published_offset IS NOT NULL ORDER BY fact_id DESC LIMIT 1`,
      [topic],
    );
    return { factId: Number(row?.fact_id ?? 0), offset: Number(row?.published_offset ?? -1) };
  }

  /** Writes down a fact as the log has it; false when this database holds another one under its id. */
  async restore(tx: EntityManager, row: NewOutboxRow): Promise<boolean> {
    const kept = await rows(
      tx,
      `INSERT INTO outbox (topic, fact_id, key, value, recorded_at, published_offset)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (topic, fact_id) DO UPDATE
         SET published_offset = coalesce(outbox.published_offset, excluded.published_offset)
         WHERE outbox.value = excluded.value
       RETURNING fact_id`,
      [row.topic, row.factId, row.key, row.value, row.recordedAt, row.publishedOffset],
    );
    return kept.length === 1;
  }

  /**
   * Waits until a fact is in the log: its position, whose `offset` is the one after its record (usable as `at_least`), or
   * undefined when the wait is over first.
   */
  async untilPublished(
    topic: string,
    factId: number,
    waitMs: number,
  ): Promise<LogPosition | undefined> {
    const end = performance.now() + waitMs;
    for (;;) {
      const [row] = await rows<{ published_offset: string | null }>(
        this.source,
        'SELECT published_offset FROM outbox WHERE topic = $1 AND fact_id = $2',
        [topic, factId],
      );
      if (typeof row?.published_offset === 'string')
        return { topic, partition: 0, offset: Number(row.published_offset) + 1 };
      if (performance.now() >= end) return undefined;
      await sleep(POLL_MS);
    }
  }
}

function toRow(row: Wire): OutboxRow {
  return { topic: row.topic, factId: Number(row.fact_id), key: row.key, value: row.value };
}
