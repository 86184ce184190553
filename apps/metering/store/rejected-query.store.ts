// The questions asked of what was refused or parked. Nothing of it counts.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { LogPosition } from '#libs/events/rejection.js';

export interface RejectedRow {
  /** Ascends as rows are kept. */
  readonly row: number;
  readonly reason: string;
  readonly pointer: string;
  readonly detail: string;
  readonly organization: string | null;
  readonly source: string | null;
  readonly id: string | null;
  readonly at: number;
  /** null: the door refused it before the log. */
  readonly position: LogPosition | null;
  readonly winner: LogPosition | null;
  /** At most 16 KiB of what came. */
  readonly raw: Buffer;
}

export interface RejectedQuestion {
  /** Absent: of all, and of none. */
  readonly organization?: string;
  readonly reason?: string;
  /** Epoch ms, inclusive. */
  readonly from?: number;
  /** Rows after this one. */
  readonly after?: number;
  readonly limit: number;
}

type Row = Record<string, string | null> & { at: Date; raw: Buffer };

export class RejectedQueryStore {
  constructor(private readonly source: DataSource) {}

  /** In the order in which they were kept. */
  async list(question: RejectedQuestion): Promise<RejectedRow[]> {
    const { organization, reason, from, after, limit } = question;
    const found = await rows<Row>(
      this.source,
      `SELECT * FROM rejected_usage
       WHERE id > $1 AND ($2::text IS NULL OR organization = $2) AND ($3::text IS NULL OR reason = $3)
         AND ($4::timestamptz IS NULL OR at >= $4)
       ORDER BY id LIMIT $5`,
      [
        after ?? 0,
        organization ?? null,
        reason ?? null,
        from === undefined ? null : new Date(from),
        limit,
      ],
    );
    return found.map(toRejected);
  }

  /** The refused copies of one event, the first hundred. What the door refused names no source and is not found by it. */
  async ofEvent(organization: string, source: string, id: string): Promise<RejectedRow[]> {
    const found = await rows<Row>(
      this.source,
      `SELECT * FROM rejected_usage WHERE organization = $1 AND source = $2 AND event_id = $3
       ORDER BY id LIMIT 100`,
      [organization, source, id],
    );
    return found.map(toRejected);
  }
}

function toRejected(row: Row): RejectedRow {
  return {
    row: Number(row['id']),
    reason: row['reason'] ?? '',
    pointer: row['pointer'] ?? '',
    detail: row['detail'] ?? '',
    organization: row['organization'] ?? null,
    source: row['source'] ?? null,
    id: row['event_id'] ?? null,
    at: row.at.getTime(),
    position: positionOf(row, 'origin'),
    winner: positionOf(row, 'winner'),
    raw: row.raw,
  };
}

function positionOf(row: Row, which: 'origin' | 'winner'): LogPosition | null {
  const topic = row[`${which}_topic`] ?? null;
  if (topic === null) return null;
  return {
    topic,
    partition: Number(row[`${which}_partition`]),
    offset: Number(row[`${which}_offset`]),
  };
}
