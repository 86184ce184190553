// The SQL of the embedded log: topics, appends, reads. An append locks its partition's row, so that what is visible is contiguous:
// no later offset can be seen before an earlier one.
import type { Pool } from 'pg';
import type { NewRecord, StoredRecord, TopicPartition, Watermarks } from './event-log.js';
import { UnknownPartition } from './event-log.js';
import type { Peek } from './polled-consumer.js';

/** One read or delivery, unless it is told otherwise. */
export const PAGE = { maxRecords: 2_000, maxBytes: 1 << 20 };

export interface Topic {
  readonly id: number;
  readonly partitions: number;
}

// Bytes go as one parameter with the places of its parts: as an array each byte would be sent as two digits.
const APPEND = `
WITH slot AS (
  UPDATE log_partition SET next_offset = next_offset + $3
  WHERE topic_id = $1 AND partition = $2
  RETURNING next_offset - $3 AS first
), written AS (
  INSERT INTO log_record (topic_id, partition, "offset", appended_at, key, value)
  SELECT $1, $2, slot.first + part.number - 1,
         (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
         CASE WHEN part.key_bytes >= 0
              THEN substring($4::bytea FROM part.key_at + 1 FOR part.key_bytes) END,
         substring($4::bytea FROM part.value_at + 1 FOR part.value_bytes)
  FROM slot
  CROSS JOIN unnest($5::int[], $6::int[], $7::int[], $8::int[])
    WITH ORDINALITY AS part (key_at, key_bytes, value_at, value_bytes, number)
)
SELECT first FROM slot`;

// The first record always comes; after that the page ends before it exceeds the bytes. octet_length reads no stored-apart value.
const PEEK = `
SELECT p.low, p.next_offset, page."offset", page.appended_at, page.key, page.value
FROM log_partition p
LEFT JOIN LATERAL (
  SELECT * FROM (
    SELECT r.*, sum(octet_length(r.value)) OVER (ORDER BY r."offset") AS total
    FROM (
      SELECT "offset", appended_at, key, value FROM log_record
      WHERE topic_id = $1 AND partition = $2 AND "offset" >= $3
      ORDER BY "offset" LIMIT $4
    ) r
  ) summed
  WHERE total - octet_length(value) < $5
) page ON true
WHERE p.topic_id = $1 AND p.partition = $2
ORDER BY page."offset"`;

export class EmbeddedStore {
  private readonly topics = new Map<string, Topic>();

  constructor(private readonly pool: Pool) {}

  /** Creates the topic when it is missing; gives what is there. */
  async ensureTopic(name: string, partitions: number): Promise<Topic> {
    await this.pool.query(
      `WITH made AS (
         INSERT INTO log_topic (name, partitions) VALUES ($1, $2)
         ON CONFLICT (name) DO NOTHING RETURNING id
       )
       INSERT INTO log_partition (topic_id, partition)
       SELECT id, n FROM made CROSS JOIN generate_series(0, $2 - 1) n`,
      [name, partitions],
    );
    return this.topic(name);
  }

  /** Rejects with UnknownPartition. */
  async topic(name: string): Promise<Topic> {
    const known = this.topics.get(name);
    if (known) return known;
    const { rows } = await this.pool.query<Topic>(
      'SELECT id, partitions FROM log_topic WHERE name = $1',
      [name],
    );
    const [found] = rows;
    if (!found) throw new UnknownPartition({ topic: name, partition: 0 });
    this.topics.set(name, found);
    return found;
  }

  /** Rejects with UnknownPartition. */
  async topicOf(at: TopicPartition): Promise<Topic> {
    const topic = await this.topic(at.topic);
    if (!(at.partition >= 0 && at.partition < topic.partitions)) throw new UnknownPartition(at);
    return topic;
  }

  /** Gives the first record's offset. */
  async append(
    { id }: Topic,
    { partition }: TopicPartition,
    records: readonly NewRecord[],
  ): Promise<number> {
    const places: [number[], number[], number[], number[]] = [[], [], [], []];
    const parts: Buffer[] = [];
    let at = 0;
    for (const { key, value } of records) {
      const keyBytes = key === null ? undefined : Buffer.from(key, 'utf8');
      places[0].push(at);
      places[1].push(keyBytes?.length ?? -1);
      at += keyBytes?.length ?? 0;
      places[2].push(at);
      places[3].push(value.length);
      at += value.length;
      if (keyBytes) parts.push(keyBytes);
      parts.push(value);
    }
    const { rows } = await this.pool.query<{ first: string }>({
      name: 'log_append',
      text: APPEND,
      values: [id, partition, records.length, Buffer.concat(parts), ...places],
    });
    return Number(rows[0]?.first);
  }

  /** One partition from an offset on, with its watermarks, in one snapshot. */
  async peek(
    at: TopicPartition,
    from: number,
    page: { readonly maxRecords: number; readonly maxBytes: number },
  ): Promise<Peek> {
    const topic = await this.topicOf(at);
    const { rows } = await this.pool.query<Row>({
      name: 'log_peek',
      text: PEEK,
      values: [topic.id, at.partition, from, page.maxRecords, page.maxBytes],
      rowMode: 'array',
    });
    const [first] = rows;
    if (!first) throw new UnknownPartition(at);
    return {
      low: Number(first[0]),
      high: Number(first[1]),
      records: first[2] === null ? [] : rows.map(toStoredRecord),
    };
  }

  async watermarks(name: string): Promise<Watermarks[]> {
    const { id } = await this.topic(name);
    const { rows } = await this.pool.query<{ partition: number; low: string; high: string }>(
      `SELECT partition, low, next_offset AS high FROM log_partition
       WHERE topic_id = $1 ORDER BY partition`,
      [id],
    );
    return rows.map(({ partition, low, high }) => ({
      partition,
      low: Number(low),
      high: Number(high),
    }));
  }

  /** Broker-like lag hints, for people. */
  async hint(group: string, { topic, partition }: TopicPartition, offset: number): Promise<void> {
    await this.pool.query(
      `INSERT INTO log_hint VALUES ($1, $2, $3, $4)
       ON CONFLICT (group_name, topic, partition) DO UPDATE SET "offset" = excluded."offset"`,
      [group, topic, partition, offset],
    );
  }
}

/** low, next_offset, offset, appended_at, key, value: int8 arrives as text, and stays far below 2^53 here. */
type Row = [string, string, string | null, string | null, Buffer | null, Buffer | null];

function toStoredRecord([, , offset, appendedAt, key, value]: Row): StoredRecord {
  return {
    offset: Number(offset),
    key: key === null ? null : key.toString('utf8'),
    value: value as Buffer,
    appendedAt: Number(appendedAt),
  };
}
