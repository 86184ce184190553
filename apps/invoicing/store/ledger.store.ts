// What was billed for each month: the lines of all invoices that charge for it, its own and those that adjusted it later.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import type { RatedLine } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';

/** A closed month that holds other usage than was billed for it. */
export interface ChangedMonth {
  readonly period: Period;
  /** Its invoice; null when it was closed with nothing to bill. */
  readonly number: string | null;
}

/** A row of `invoice_line` that is about usage. */
export interface LineRow {
  model: string;
  service_tier: ServiceTier;
  adapter: string | null;
  quantity: Quantity;
  span_from: string;
  span_to: string;
  units: string;
  femto_per_unit: string | null;
  amount_femto: string;
  free_femto: string;
  discount_femto: string;
  part: string;
  above_context: number;
  catalog_version: string;
  override_id: string | null;
  events: string;
  digest_a: string;
  digest_b: string;
}

// A digest is equal when the month holds the very events that were billed; only other months are rated again. A month that is
// open stands between a closed one and a later draft: the difference is that open month's to charge, and no other draft shows it.
const changedSql = (organization: string, before: string): string => `
  WITH closed AS (
    SELECT period_from, period_to, max(number) AS number FROM (
      SELECT period_from, period_to, number FROM invoice
      WHERE organization = ${organization} AND state <> 'void'
      UNION ALL
      SELECT period_from, period_to, NULL FROM billing_run_organization o
      JOIN billing_run r ON r.id = o.run WHERE o.organization = ${organization} AND o.state = 'empty'
    ) AS one WHERE period_from < ${before}::bigint GROUP BY period_from, period_to)
  SELECT period_from, period_to, number FROM closed
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(units), 0) AS units,
      coalesce(sum(digest_a) % 18446744073709551616, 0) AS digest_a,
      coalesce(sum(digest_b) % 18446744073709551616, 0) AS digest_b
    FROM usage_hour WHERE organization = ${organization} AND hour >= period_from AND hour < period_to
      AND quantity <> 'requests') AS used
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.units), 0) AS units,
      coalesce(sum(l.digest_a) % 18446744073709551616, 0) AS digest_a,
      coalesce(sum(l.digest_b) % 18446744073709551616, 0) AS digest_b
    FROM invoice_line l JOIN invoice i ON i.id = l.invoice
    WHERE l.organization = ${organization} AND l.bills_from = period_from AND i.state <> 'void') AS billed
  WHERE (used.units, used.digest_a, used.digest_b)
    <> (billed.units, billed.digest_a, billed.digest_b)
    AND NOT EXISTS (
      SELECT FROM generate_series(to_timestamp(period_to / 1000) AT TIME ZONE 'UTC',
        to_timestamp(${before}::bigint / 1000) AT TIME ZONE 'UTC' - interval '1 month',
        interval '1 month') AS between_them (month)
      WHERE (extract(epoch FROM month) * 1000)::bigint
        NOT IN (SELECT c.period_from FROM closed c))
  ORDER BY period_from`;

const CHANGED = changedSql('$1', '$2');
const CHANGED_AMONG = `
  SELECT organization FROM unnest($1::text[]) AS asked (organization)
  WHERE EXISTS (${changedSql('asked.organization', '$2')})`;

export class LedgerStore {
  constructor(private readonly source: DataSource) {}

  /**
   * Closed months whose usage is not what was billed for them, and that the given month is the first open one after: a draft
   * of a month beyond it lists none of them.
   */
  async changedMonths(
    organization: string,
    before: Period,
    tx?: EntityManager,
  ): Promise<ChangedMonth[]> {
    const found = await rows<{ period_from: string; period_to: string; number: string | null }>(
      tx ?? this.source,
      CHANGED,
      [organization, before.from],
    );
    return found.map((row) => ({
      period: { from: Number(row.period_from), to: Number(row.period_to) },
      number: row.number,
    }));
  }

  /** Of the given organizations those of which `changedMonths` would list any. */
  async changedAmong(
    organizations: readonly string[],
    before: Period,
    tx: EntityManager,
  ): Promise<string[]> {
    if (organizations.length === 0) return [];
    const asked = [organizations, before.from];
    const found = await rows<{ organization: string }>(tx, CHANGED_AMONG, asked);
    return found.map(({ organization }) => organization);
  }

  /** Of the given organizations those of whose month any invoice that is not void bills something: its own, or a later one that adjusts it. */
  async billedAmong(
    organizations: readonly string[],
    period: Period,
    tx: EntityManager,
  ): Promise<string[]> {
    const found = await rows<{ organization: string }>(
      tx,
      `SELECT DISTINCT l.organization FROM invoice_line l JOIN invoice i ON i.id = l.invoice
       WHERE l.organization = ANY($1) AND l.bills_from = $2 AND i.state <> 'void'`,
      [organizations, period.from],
    );
    return found.map(({ organization }) => organization);
  }

  /** Every line that charged for usage of a month. */
  async billedFor(
    organization: string,
    period: Period,
    tx?: EntityManager,
  ): Promise<readonly RatedLine[]> {
    const found = await rows<LineRow>(
      tx ?? this.source,
      `SELECT l.* FROM invoice_line l JOIN invoice i ON i.id = l.invoice
       WHERE l.organization = $1 AND l.bills_from = $2 AND l.model IS NOT NULL
         AND i.state <> 'void'
       ORDER BY l.invoice, l.line`,
      [organization, period.from],
    );
    return found.map(toLine);
  }
}

/** The line as it was rated. */
export function toLine(row: LineRow): RatedLine {
  return {
    model: row.model,
    serviceTier: row.service_tier,
    adapter: row.adapter,
    quantity: row.quantity,
    from: Number(row.span_from),
    to: Number(row.span_to),
    units: BigInt(row.units),
    part: row.part,
    aboveContext: row.above_context,
    femtoPerUnit: row.femto_per_unit === null ? null : BigInt(row.femto_per_unit),
    amountFemto: BigInt(row.amount_femto),
    freeFemto: BigInt(row.free_femto),
    discountFemto: BigInt(row.discount_femto),
    catalogVersion: row.catalog_version,
    overrideId: row.override_id,
    events: BigInt(row.events),
    digestA: BigInt(row.digest_a),
    digestB: BigInt(row.digest_b),
  };
}
