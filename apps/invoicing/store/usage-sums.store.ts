// Usage of many organizations at once. Few rows come as they are; many are summed by the database as far as prices allow: hours
// between two changes of terms are priced alike, so that a month without a change is one row per name, quantity and length of input.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import { changesBetween, type Terms } from '#libs/rating/price-book.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import type { Period } from '#libs/time/month.js';

interface FoundRow {
  organization: string;
  /** The hour itself, or the number of the span it is in, from 1. */
  at: string;
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

// One look into the index of (organization, hour) each, whatever the planner knows of the table: without OFFSET 0 it may join the
// whole month by its hours, for each page.
const used = (columns: string, end: string): string => `
  SELECT asked.organization, used.* FROM unnest($1::text[]) AS asked (organization)
  CROSS JOIN LATERAL (
    SELECT ${columns} FROM usage_hour u
    WHERE u.organization = asked.organization AND hour >= $2 AND hour < $3
      AND quantity <> 'requests' ${end}`;

const AS_THEY_ARE = used(
  'hour AS at, model, service_tier, adapter, context, quantity, units, events, digest_a, digest_b',
  'OFFSET 0) AS used LIMIT $4',
);

// Six times the price of a row as it is. Digests are reduced modulo 2^64 by rating.
const SUMMED = used(
  `width_bucket(hour, $4::bigint[]) AS at, model, service_tier, adapter, context, quantity,
    sum(units) AS units, sum(events) AS events, sum(digest_a) AS digest_a,
    sum(digest_b) AS digest_b`,
  'GROUP BY 1, 2, 3, 4, 5, 6) AS used',
);

const FEW_ROWS = 12;
const PAGES_SUMMED = 16;

export class UsageSums {
  private pagesToSum = 0;

  /** Organization → its usage in a period, in rows that rate as its hours would. */
  async of(
    tx: EntityManager,
    period: Period,
    terms: ReadonlyMap<string, Terms>,
  ): Promise<Map<string, UsageRow[]>> {
    const ids = [...terms.keys()];
    if (this.pagesToSum === 0) {
      const most = FEW_ROWS * ids.length;
      const asked = [ids, period.from, period.to, most + 1];
      const found = await rows<FoundRow>(tx, AS_THEY_ARE, asked);
      if (found.length <= most) return byOrganization(found, Number);
      this.pagesToSum = PAGES_SUMMED;
    }
    this.pagesToSum -= 1;
    const starts = spanStarts(period, terms.values());
    const found = await rows<FoundRow>(tx, SUMMED, [ids, period.from, period.to, starts]);
    return byOrganization(found, (span) => starts[Number(span) - 1] as number);
  }
}

// One list for all of them: a cut more than an organization needs changes no sum.
function spanStarts(period: Period, terms: Iterable<Terms>): number[] {
  const starts = new Set([period.from]);
  for (const one of terms)
    for (const at of changesBetween(one, period.from, period.to)) starts.add(at);
  return [...starts].toSorted((left, right) => left - right);
}

function byOrganization(
  found: readonly FoundRow[],
  hourOf: (at: string) => number,
): Map<string, UsageRow[]> {
  const sums = new Map<string, UsageRow[]>();
  for (const row of found) {
    const own = sums.get(row.organization);
    const sum = toRow(row, hourOf(row.at));
    if (own) own.push(sum);
    else sums.set(row.organization, [sum]);
  }
  return sums;
}

function toRow(row: FoundRow, hour: number): UsageRow {
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
