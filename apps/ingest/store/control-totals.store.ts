import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { ControlTotal } from '../domain/control-totals.js';

/** Totals of one minute and partition over all processes of ingest. */
export interface StoredTotal extends ControlTotal {
  readonly processes: number;
}

interface Row {
  minute: string;
  partition: number;
  processes: number;
  events: string;
  units: string;
  digest_a: string;
  digest_b: string;
}

export class ControlTotalsStore {
  constructor(
    private readonly source: DataSource,
    private readonly instance: string,
  ) {}

  /** Writes this process's own rows as they now are: writing them twice, after a lost answer, changes nothing. */
  async save(totals: readonly ControlTotal[]): Promise<void> {
    await this.source.query(
      `INSERT INTO control_total (minute, partition, instance, events, units, digest_a, digest_b)
       SELECT to_timestamp(minute / 1000.0), partition, $1, events, units, digest_a, digest_b
         FROM unnest($2::bigint[], $3::int[], $4::bigint[], $5::numeric[], $6::numeric[], $7::numeric[])
              AS total (minute, partition, events, units, digest_a, digest_b)
       ON CONFLICT (minute, partition, instance) DO UPDATE
         SET events = excluded.events, units = excluded.units,
             digest_a = excluded.digest_a, digest_b = excluded.digest_b`,
      [
        this.instance,
        totals.map(({ minute }) => minute),
        totals.map(({ partition }) => partition),
        totals.map(({ events }) => events.toString()),
        totals.map(({ units }) => units.toString()),
        totals.map(({ digest }) => digest[0].toString()),
        totals.map(({ digest }) => digest[1].toString()),
      ],
    );
  }

  /** Sums per minute and partition in [from, to), after a place in that order, at most `limit` of them. */
  async list(
    period: { readonly from: number; readonly to: number },
    after: { readonly minute: number; readonly partition: number } | null,
    limit: number,
  ): Promise<readonly StoredTotal[]> {
    const found = await rows<Row>(
      this.source,
      `SELECT (extract(epoch FROM minute) * 1000)::bigint AS minute, partition,
              count(*)::int AS processes, sum(events) AS events, sum(units) AS units,
              mod(sum(digest_a), 18446744073709551616) AS digest_a,
              mod(sum(digest_b), 18446744073709551616) AS digest_b
         FROM control_total
        WHERE minute >= to_timestamp($1 / 1000.0) AND minute < to_timestamp($2 / 1000.0)
          AND (minute, partition) > (to_timestamp($3 / 1000.0), $4)
        GROUP BY minute, partition
        ORDER BY minute, partition
        LIMIT $5`,
      [period.from, period.to, after?.minute ?? 0, after?.partition ?? -1, limit],
    );
    return found.map((row) => ({
      minute: Number(row.minute),
      partition: row.partition,
      processes: row.processes,
      events: BigInt(row.events),
      units: BigInt(row.units),
      digest: [BigInt(row.digest_a), BigInt(row.digest_b)],
    }));
  }
}
