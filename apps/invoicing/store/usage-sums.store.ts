// Usage of many organizations at once, summed by the database as far as prices allow: hours between two changes of terms are
// priced alike, so that a month without a change is one row per name, quantity and length of input, not 720.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import { changesBetween, type Terms } from '#libs/rating/price-book.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import type { Period } from '#libs/time/month.js';

interface SumRow {
  organization: string;
  span: number;
  model: string;
  service_tier: ServiceTier;
  adapter: string;
  context: number;
  quantity: Quantity;
  units: string;
  events: string;
  digest_a: string;
  digest_b: string;
}

const SUMS = `
  SELECT organization, width_bucket(hour, $4::bigint[]) AS span, model, service_tier, adapter,
    context, quantity, sum(units) AS units, sum(events) AS events,
    sum(digest_a) % 18446744073709551616 AS digest_a,
    sum(digest_b) % 18446744073709551616 AS digest_b
  FROM usage_hour WHERE organization = ANY($1) AND hour >= $2 AND hour < $3
    AND quantity <> 'requests'
  GROUP BY 1, 2, 3, 4, 5, 6, 7`;

/** Organization → its usage in a period: rows at the start of the span in which every hour of them is priced alike. */
export async function usageSums(
  tx: EntityManager,
  period: Period,
  terms: ReadonlyMap<string, Terms>,
): Promise<Map<string, UsageRow[]>> {
  const starts = spanStarts(period, terms.values());
  const found = await rows<SumRow>(tx, SUMS, [[...terms.keys()], period.from, period.to, starts]);
  const sums = new Map<string, UsageRow[]>();
  for (const row of found) {
    const own = sums.get(row.organization);
    const sum = toRow(row, starts[row.span - 1] as number);
    if (own) own.push(sum);
    else sums.set(row.organization, [sum]);
  }
  return sums;
}

// One list for all of them: a cut more than an organization needs changes no sum.
function spanStarts(period: Period, terms: Iterable<Terms>): number[] {
  const starts = new Set([period.from]);
  for (const one of terms)
    for (const at of changesBetween(one, period.from, period.to)) starts.add(at);
  return [...starts].toSorted((left, right) => left - right);
}

function toRow(row: SumRow, hour: number): UsageRow {
  return {
    hour,
    model: row.model,
    serviceTier: row.service_tier,
    adapter: row.adapter || null,
    context: row.context,
    quantity: row.quantity,
    units: BigInt(row.units),
    events: BigInt(row.events),
    digestA: BigInt(row.digest_a),
    digestB: BigInt(row.digest_b),
  };
}
