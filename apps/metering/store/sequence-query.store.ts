// Which numbers of a source never came. Numbers are exact up to the 18 digits that the gate takes.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';

export interface SequenceQuestion {
  /** Absent: every source that misses something. Given: this source, also when it misses nothing. */
  readonly source?: string;
  /** Bounds of the numbers that should be there, half-open; absent: the lowest and the highest that came. */
  readonly lowest?: bigint;
  readonly above?: bigint;
  /** Bounds of `since`, epoch ms, half-open. */
  readonly heardFrom?: number;
  readonly heardBefore?: number;
  /** Sources after this one. */
  readonly after?: string;
  readonly limit: number;
}

export interface SequenceGaps {
  readonly source: string;
  /** Half-open, ascending; at most `MOST_RANGES`. */
  readonly missing: readonly { readonly from: bigint; readonly to: bigint }[];
  /** How many numbers are missing in all. */
  readonly count: bigint;
  /** When the source was last heard of, epoch ms. */
  readonly since: number;
}

/** A source that counts in twos must not make one answer endless. */
export const MOST_RANGES = 1_000;

interface Row {
  source: string;
  since: Date;
  count: string;
  missing: [from: string, to: string][];
}

// least: a bound above everything that came leaves nothing to miss; int8range refuses ends that are turned round.
const GAPS = `
  WITH heard AS (
    SELECT source, range_agg(seen) AS seen, max(at) AS since FROM sequence_seen
    WHERE ($1::text IS NULL OR source = $1) AND ($6::text IS NULL OR source COLLATE "C" > $6)
    GROUP BY source),
  wanted AS (
    SELECT source, since, seen, coalesce($2::int8, lower(seen)) AS lowest, coalesce($3::int8, upper(seen)) AS above
    FROM heard WHERE NOT isempty(seen)
      AND ($4::timestamptz IS NULL OR since >= $4) AND ($5::timestamptz IS NULL OR since < $5)),
  lacking AS (
    SELECT source, since, int8multirange(int8range(least(lowest, above), above)) - seen AS missing FROM wanted)
  SELECT source, since,
    (SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(missing) AS r) AS count,
    (SELECT coalesce(json_agg(json_build_array(lower(r)::text, upper(r)::text) ORDER BY lower(r)), '[]')
     FROM (SELECT r FROM unnest(missing) AS r LIMIT ${MOST_RANGES}) AS first) AS missing
  FROM lacking WHERE $1::text IS NOT NULL OR NOT isempty(missing)
  ORDER BY source COLLATE "C" LIMIT $7`;

export class SequenceQueryStore {
  constructor(private readonly source: DataSource) {}

  /** By source, in the order of its bytes. A number that came twice, or late, is there. */
  async gaps(question: SequenceQuestion): Promise<SequenceGaps[]> {
    const { source, lowest, above, heardFrom, heardBefore, after, limit } = question;
    const found = await rows<Row>(this.source, GAPS, [
      source ?? null,
      lowest?.toString() ?? null,
      above?.toString() ?? null,
      dateOf(heardFrom),
      dateOf(heardBefore),
      after ?? null,
      limit,
    ]);
    return found.map(({ missing, count, since, ...row }) => ({
      source: row.source,
      missing: missing.map(([from, to]) => ({ from: BigInt(from), to: BigInt(to) })),
      count: BigInt(count),
      since: since.getTime(),
    }));
  }
}

function dateOf(at: number | undefined): Date | null {
  return at === undefined ? null : new Date(at);
}
