// What a slice writes beside identities: usage hours, repeats, corrections, sequences. One statement a table.
import type { EntityManager } from 'typeorm';
import { preparedChanged, rows } from '#libs/database/database.js';
import type { UsageDelta } from '#libs/events/metered-batch.js';
import { QUANTITIES, type Quantity } from '#libs/events/quantities.js';
import { inOrder } from '../domain/deltas.js';
import type { SeenSequences } from '../domain/sequences.js';
import { plainArray, textArray } from './array-literal.js';
import { quantitiesIn, type UsageHour } from '../domain/usage-hours.js';

export interface BookedCorrection {
  readonly offset: number;
  readonly key: string;
  readonly originalKey: string;
  readonly kind: 'voided' | 'corrected';
  readonly id: string;
  readonly reason: string;
  readonly deltas: readonly UsageDelta[];
}

const KEY = [
  'hour',
  'organization',
  'model',
  'service_tier',
  'adapter',
  'project',
  'api_key',
  'end_user',
];

const DIGESTS = ['digest_a', 'digest_b'];

/** Adds rows of `foldHours`; only the quantity columns that they use are written. */
export async function addHours(tx: EntityManager, hours: readonly UsageHour[]): Promise<void> {
  if (hours.length === 0) return;
  const quantities = quantitiesIn(hours);
  const sums = ['requests', ...quantities];
  const columns = [...KEY, ...sums, ...DIGESTS];
  const texts = KEY.slice(1).map((_, index) => `$${index + 2}::text[]`);
  const numbers = [...sums, ...DIGESTS].map((_, index) => `$${index + 9}::numeric[]`);
  const updates = [
    ...sums.map((name) => `${name} = kept.${name} + excluded.${name}`),
    ...DIGESTS.map((name) => `${name} = (kept.${name} + excluded.${name}) % ${2n ** 64n}`),
  ];
  const sql = `INSERT INTO usage_hour AS kept (${columns.join(', ')})
    SELECT to_timestamp(t.hour / 1000.0), ${columns
      .slice(1)
      .map((name) => `t.${name}`)
      .join(', ')}
    FROM unnest($1::bigint[], ${[...texts, ...numbers].join(', ')}) AS t (${columns.join(', ')})
    ON CONFLICT (${KEY.join(', ')}) DO UPDATE SET ${updates.join(', ')}`;
  await preparedChanged(tx, { name: statementOf(quantities), text: sql }, [
    plainArray(hours.map(({ hour }) => hour)),
    textArray(hours.map(({ organization }) => organization)),
    textArray(hours.map(({ model }) => model)),
    textArray(hours.map(({ serviceTier }) => serviceTier)),
    textArray(hours.map(({ adapter }) => adapter)),
    textArray(hours.map(({ project }) => project)),
    textArray(hours.map(({ apiKey }) => apiKey)),
    textArray(hours.map(({ endUser }) => endUser)),
    plainArray(hours.map(({ requests }) => requests)),
    ...quantities.map((quantity) =>
      plainArray(hours.map((hour) => hour.quantities[quantity] ?? 0)),
    ),
    plainArray(hours.map(({ digestA }) => BigInt.asUintN(64, digestA))),
    plainArray(hours.map(({ digestB }) => BigInt.asUintN(64, digestB))),
  ]);
}

// The quantities say which statement it is, by their places: their names would be longer than Postgres tells apart.
function statementOf(quantities: readonly Quantity[]): string {
  return `usage-hours ${quantities.map((name) => QUANTITIES.indexOf(name)).join(' ')}`;
}

/** Where else counted events stand in the log. */
export async function addRepeats(
  tx: EntityManager,
  partition: number,
  repeats: readonly { readonly key: string; readonly offset: number }[],
): Promise<void> {
  if (repeats.length === 0) return;
  await tx.query(
    'INSERT INTO repeat (partition, "offset", key) SELECT $1, o, k FROM unnest($2::bigint[], $3::uuid[]) AS t (o, k)',
    [partition, repeats.map(({ offset }) => offset), repeats.map(({ key }) => key)],
  );
}

/** Keeps what a correction booked, so that deriving it again is a read. */
export async function addCorrection(
  tx: EntityManager,
  partition: number,
  booked: BookedCorrection,
): Promise<void> {
  const { offset, key, originalKey, kind, id, reason, deltas } = booked;
  await tx.query(
    `INSERT INTO correction (partition, "offset", key, original_key, kind, id, reason, deltas)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [partition, offset, key, originalKey, kind, id, reason, JSON.stringify(deltas)],
  );
}

/** All deltas that corrections have booked for an original, in any order: they are summed. */
export async function bookedFor(tx: EntityManager, originalKey: string): Promise<UsageDelta[]> {
  const sql = 'SELECT deltas FROM correction WHERE original_key = $1';
  const found = await rows<{ deltas: UsageDelta[] }>(tx, sql, [originalKey]);
  return found.flatMap(({ deltas }) => deltas);
}

/** The corrections that were booked at offsets of a partition. */
export async function bookedAt(
  tx: EntityManager,
  partition: number,
  offsets: readonly number[],
): Promise<Map<number, UsageDelta[]>> {
  if (offsets.length === 0) return new Map();
  const sql =
    'SELECT "offset", deltas FROM correction WHERE partition = $1 AND "offset" = ANY($2::bigint[])';
  const found = await rows<{ offset: string; deltas: UsageDelta[] }>(tx, sql, [partition, offsets]);
  return new Map(found.map(({ offset, deltas }) => [Number(offset), deltas.map(inOrder)]));
}

/** Notes the sequence numbers of a slice, heard of at an append time (epoch ms); `compactSequences` joins the rows later. */
export async function addSequences(
  tx: EntityManager,
  seen: readonly SeenSequences[],
  at: number,
): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(
    'INSERT INTO sequence_seen (source, seen, at) SELECT s, r::int8multirange, to_timestamp($3 / 1000.0) FROM unnest($1::text[], $2::text[]) AS t (s, r)',
    [seen.map(({ source }) => source), seen.map(({ ranges }) => ranges), at],
  );
}
