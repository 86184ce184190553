import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { RejectedUsage } from '#libs/events/rejection.js';

const INSERT = `WITH kept AS (
    INSERT INTO rejected_usage (reason, pointer, detail, organization, source, event_id, at, origin_topic, origin_partition,
      origin_offset, winner_topic, winner_partition, winner_offset, raw)
    SELECT reason, pointer, detail, organization, source, event_id, to_timestamp(at / 1000.0), origin_topic, origin_partition,
      origin_offset, winner_topic, winner_partition, winner_offset, decode(raw, 'base64')
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::int[],
      $10::bigint[], $11::text[], $12::int[], $13::bigint[], $14::text[]) AS t (reason, pointer, detail, organization, source,
      event_id, at, origin_topic, origin_partition, origin_offset, winner_topic, winner_partition, winner_offset, raw)
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*)::int AS kept FROM kept`;

/** Keeps rejections and gives how many are new: one origin is kept once. */
export async function addRejected(
  tx: EntityManager,
  rejected: readonly RejectedUsage[],
): Promise<number> {
  if (rejected.length === 0) return 0;
  const column = (read: (one: RejectedUsage) => unknown): unknown[] =>
    rejected.map((one) => storable(read(one)));
  const [answer] = await rows<{ kept: number }>(tx, INSERT, [
    column(({ reason }) => reason),
    column(({ pointer }) => pointer),
    column(({ detail }) => detail),
    column(({ organization }) => organization),
    column(({ source }) => source),
    column(({ id }) => id),
    column(({ at }) => at),
    column(({ position }) => position?.topic ?? null),
    column(({ position }) => position?.partition ?? null),
    column(({ position }) => position?.offset ?? null),
    column(({ winner }) => winner?.topic ?? null),
    column(({ winner }) => winner?.partition ?? null),
    column(({ winner }) => winner?.offset ?? null),
    column(({ raw }) => raw),
  ]);
  return answer?.kept ?? 0;
}

// What was refused may hold anything, and a Postgres text holds no NUL.
function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}
