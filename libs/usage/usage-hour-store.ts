// Usage per organization and hour, as quota and invoicing each keep it: one table, one fold, so that their sums are the same sums.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '../database/database.js';
import type { CountedQuantity } from '../events/digest.js';
import type { MeteredEvent } from '../events/metered-batch.js';
import type { ServiceTier } from '../events/quantities.js';
import type { FoldCounts } from '../projection/projection.js';
import type { UsageRow } from '../rating/usage-row.js';
import type { Period } from '../time/month.js';
import type { HourSum } from './usage-hours.js';
import { sumHours } from './usage-hours.js';

/** Sums of one quantity over a period, with the digest that reconciliation compares. */
export interface QuantityTotal {
  readonly quantity: CountedQuantity;
  readonly units: bigint;
  readonly events: bigint;
  readonly digestA: bigint;
  readonly digestB: bigint;
}

interface SumRow {
  hour: string;
  model: string;
  service_tier: ServiceTier;
  adapter: string;
  project: string;
  context: number;
  quantity: CountedQuantity;
  units: string;
  events: string;
  digest_a: string;
  digest_b: string;
}

const SUMS = `sum(units) AS units, sum(events) AS events,
  sum(digest_a) % 18446744073709551616 AS digest_a,
  sum(digest_b) % 18446744073709551616 AS digest_b`;

const UPSERT = `
  INSERT INTO usage_hour AS kept (organization, hour, model, service_tier, adapter, project, context,
    quantity, units, events, digest_a, digest_b)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::int[], $8::text[], $9::numeric[], $10::bigint[], $11::numeric[], $12::numeric[])
  ON CONFLICT (organization, hour, model, service_tier, adapter, project, context, quantity) DO UPDATE SET
    units = kept.units + excluded.units,
    events = kept.events + excluded.events,
    digest_a = (kept.digest_a + excluded.digest_a) % 18446744073709551616,
    digest_b = (kept.digest_b + excluded.digest_b) % 18446744073709551616`;

export class UsageHourStore {
  constructor(private readonly source: DataSource) {}

  /** Adds what the events counted, inside the caller's transaction; the caller has already dropped what it saw before. */
  async add(tx: EntityManager, events: readonly MeteredEvent[]): Promise<FoldCounts> {
    const { sums, digestA, digestB } = sumHours(events);
    if (sums.length > 0) await rows(tx, UPSERT, columnsOf(sums));
    return { applied: events.length, duplicates: 0, quarantined: 0, digestA, digestB };
  }

  /** The hours of [from, to) summed over projects, `requests` rows included, in order of hour and name. */
  async rowsOf(organization: string, period: Period, tx?: EntityManager): Promise<UsageRow[]> {
    const found = await rows<SumRow>(
      tx ?? this.source,
      `SELECT hour, model, service_tier, adapter, context, quantity, ${SUMS} FROM usage_hour
       WHERE organization = $1 AND hour >= $2 AND hour < $3
       GROUP BY hour, model, service_tier, adapter, context, quantity
       ORDER BY hour, model, service_tier, adapter, context, quantity`,
      [organization, period.from, period.to],
    );
    return found.map(toRow);
  }

  /** The same of many organizations in one question; one without usage is not there. */
  async rowsOfMany(
    organizations: readonly string[],
    period: Period,
  ): Promise<Map<string, UsageRow[]>> {
    const found = await rows<SumRow & { organization: string }>(
      this.source,
      `SELECT organization, hour, model, service_tier, adapter, context, quantity, ${SUMS}
       FROM usage_hour WHERE organization = ANY($1) AND hour >= $2 AND hour < $3
       GROUP BY organization, hour, model, service_tier, adapter, context, quantity
       ORDER BY organization, hour, model, service_tier, adapter, context, quantity`,
      [organizations, period.from, period.to],
    );
    const byOrganization = Map.groupBy(found, ({ organization }) => organization);
    return new Map([...byOrganization].map(([id, own]) => [id, own.map(toRow)]));
  }

  /** The same hours, kept apart by project (null: none was named). */
  async rowsByProject(
    organization: string,
    period: Period,
    tx?: EntityManager,
  ): Promise<(UsageRow & { readonly project: string | null })[]> {
    const found = await rows<SumRow>(
      tx ?? this.source,
      `SELECT hour, model, service_tier, adapter, project, context, quantity, units, events,
         digest_a, digest_b FROM usage_hour
       WHERE organization = $1 AND hour >= $2 AND hour < $3
       ORDER BY hour, model, service_tier, adapter, project, context, quantity`,
      [organization, period.from, period.to],
    );
    return found.map((row) => ({ ...toRow(row), project: row.project || null }));
  }

  /** One sum per quantity over the period, for reconciliation. */
  async totalsOf(
    organization: string,
    period: Period,
    tx?: EntityManager,
  ): Promise<QuantityTotal[]> {
    const found = await rows<Omit<SumRow, 'hour'>>(
      tx ?? this.source,
      `SELECT quantity, ${SUMS} FROM usage_hour
       WHERE organization = $1 AND hour >= $2 AND hour < $3 GROUP BY quantity ORDER BY quantity`,
      [organization, period.from, period.to],
    );
    return found.map((row) => ({ quantity: row.quantity, ...sumsOf(row) }));
  }

  /** Every organization with usage in the period, registered or not, in order. */
  async organizationsIn(period: Period, tx?: EntityManager): Promise<string[]> {
    const found = await rows<{ organization: string }>(
      tx ?? this.source,
      `SELECT DISTINCT organization FROM usage_hour WHERE hour >= $1 AND hour < $2
       ORDER BY organization`,
      [period.from, period.to],
    );
    return found.map((row) => row.organization);
  }

  /** Models that the organization used in the period, in order. */
  async modelsOf(organization: string, period: Period, tx?: EntityManager): Promise<string[]> {
    const found = await rows<{ model: string }>(
      tx ?? this.source,
      `SELECT DISTINCT model FROM usage_hour WHERE organization = $1 AND hour >= $2 AND hour < $3
       ORDER BY model`,
      [organization, period.from, period.to],
    );
    return found.map((row) => row.model);
  }
}

function toRow(row: SumRow): UsageRow {
  return {
    hour: Number(row.hour),
    model: row.model,
    serviceTier: row.service_tier,
    adapter: row.adapter || null,
    context: row.context,
    quantity: row.quantity,
    ...sumsOf(row),
  };
}

function sumsOf(row: Pick<SumRow, 'units' | 'events' | 'digest_a' | 'digest_b'>) {
  return {
    units: BigInt(row.units),
    events: BigInt(row.events),
    digestA: BigInt(row.digest_a),
    digestB: BigInt(row.digest_b),
  };
}

function columnsOf(sums: readonly HourSum[]): unknown[] {
  return [
    sums.map((sum) => sum.organization),
    sums.map((sum) => sum.hour),
    sums.map((sum) => sum.model),
    sums.map((sum) => sum.serviceTier),
    sums.map((sum) => sum.adapter),
    sums.map((sum) => sum.project),
    sums.map((sum) => sum.context),
    sums.map((sum) => sum.quantity),
    sums.map((sum) => sum.units.toString()),
    sums.map((sum) => sum.events),
    sums.map((sum) => BigInt.asUintN(64, sum.digestA).toString()),
    sums.map((sum) => BigInt.asUintN(64, sum.digestB).toString()),
  ];
}
