// The rows of announcements: added in the transaction that they are about, marked when the log has them.
import type { EntityManager } from 'typeorm';
import { copyInto } from '../database/copy.js';
import { CopyFields } from '../database/copy-fields.js';
import { rows } from '../database/database.js';

/** One record for a topic that is keyed by organization. The value is JSON with the same `id` on its top level. */
export interface Announcement {
  /** Unique for all time: `evt_…`. Saying the same id again in another transaction adds nothing. */
  readonly id: string;
  readonly topic: string;
  /** The record's key: the organization; it decides the partition. */
  readonly key: string;
  readonly value: Buffer;
  readonly recordedAt: number;
}

/** Where announcements are in the log. */
export interface AnnouncementPlace {
  readonly id: string;
  readonly partition: number;
  readonly offset: number;
}

/** Where the commit of an announcement is announced. */
export const ANNOUNCEMENT_CHANNEL = 'meterbook_announcement';

/** Adds announcements to the caller's transaction; the commit wakes the relay, in whichever process it is. */
export async function announce(
  tx: EntityManager,
  announcements: readonly Announcement[],
): Promise<void> {
  if (announcements.length === 0) return;
  await tx.query(
    `INSERT INTO announcement (id, topic, key, value, recorded_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bigint[])
     ON CONFLICT (id) DO NOTHING`,
    [
      announcements.map(({ id }) => id),
      announcements.map(({ topic }) => topic),
      announcements.map(({ key }) => key),
      announcements.map(({ value }) => value),
      announcements.map(({ recordedAt }) => recordedAt),
    ],
  );
  await tx.query(`SELECT pg_notify('${ANNOUNCEMENT_CHANNEL}', '')`);
}

/** The same for announcements whose ids were never told before, such as those of new documents: 23505 when one was. */
export async function announceNew(
  tx: EntityManager,
  announcements: readonly Announcement[],
): Promise<void> {
  if (announcements.length === 0) return;
  const columns = ['id', 'topic', 'key', 'value', 'recorded_at'];
  const fields = new CopyFields(columns.length);
  for (const { id, topic, key, value, recordedAt } of announcements)
    fields.row().text(id).text(topic).text(key).raw(value).int8(recordedAt);
  await copyInto(tx, 'announcement', columns, fields.end());
  await tx.query(`SELECT pg_notify('${ANNOUNCEMENT_CHANNEL}', '')`);
}

/** What is not known to be in the log, in the order in which it was written. */
export async function pendingAnnouncements(
  tx: EntityManager,
  topics: readonly string[],
  limit: number,
): Promise<Announcement[]> {
  const found = await rows<Omit<Announcement, 'recordedAt'> & { recorded_at: string }>(
    tx,
    `SELECT id, topic, key, value, recorded_at FROM announcement
     WHERE published_offset IS NULL AND topic = ANY($1) ORDER BY sequence LIMIT $2`,
    [topics, limit],
  );
  return found.map(({ recorded_at: recordedAt, ...row }) => ({
    ...row,
    recordedAt: Number(recordedAt),
  }));
}

/** Marks announcements as being in the log, and the partition as looked through up to `next`. */
export async function markAnnounced(
  tx: EntityManager,
  head: { readonly topic: string; readonly partition: number; readonly next: number },
  places: readonly AnnouncementPlace[],
): Promise<void> {
  await tx.query(
    `WITH placed AS (
       UPDATE announcement SET partition = $2, published_offset = place.at
       FROM unnest($4::text[], $5::bigint[]) AS place (id, at)
       WHERE announcement.id = place.id AND published_offset IS NULL)
     INSERT INTO announcement_head VALUES ($1, $2, $3)
     ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`,
    [
      head.topic,
      head.partition,
      head.next,
      places.map(({ id }) => id),
      places.map(({ offset }) => offset),
    ],
  );
}

/** Up to where the partitions of a topic were looked through; 0 where they never were. */
export async function announcementHeads(
  tx: EntityManager,
  topic: string,
): Promise<Map<number, number>> {
  const found = await rows<{ partition: number; next_offset: string }>(
    tx,
    'SELECT partition, next_offset FROM announcement_head WHERE topic = $1',
    [topic],
  );
  return new Map(found.map((row) => [row.partition, Number(row.next_offset)]));
}
