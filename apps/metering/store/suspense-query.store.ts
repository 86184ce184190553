// Which usage waits for an account or a price, out of usage hours and the terms as they are known now.
import type { DataSource } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { rows } from '#libs/database/database.js';
import { QUANTITIES, type Quantity, type ServiceTier } from '#libs/events/quantities.js';
import type { Terms } from '#libs/rating/price-book.js';
import { HOUR_MS } from '#libs/time/instant.js';
import {
  isAfter,
  priceChanges,
  type Suspended,
  suspendedOf,
  type SuspensePosition,
  type UsageCut,
} from '../domain/suspense.js';

export interface SuspenseQuestion {
  /** Absent: of every organization. */
  readonly organization?: string;
  readonly after?: SuspensePosition;
  readonly limit: number;
}

export interface SuspenseQueryParts {
  readonly source: DataSource;
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
}

/** One statement each; their price changes cut each other's usage, so not too many at once. */
const ORGANIZATIONS_AT_ONCE = 100;

const UNITS = QUANTITIES.map((quantity) => `('${quantity}', ${quantity})`).join(', ');

const CUTS = `
  SELECT organization, model, service_tier, adapter, quantity, width_bucket(hour, $2::timestamptz[]) AS cut,
    min(hour) AS first, max(hour) AS last, sum(units) AS units, sum(requests) AS requests
  FROM usage_hour CROSS JOIN LATERAL (VALUES ${UNITS}) AS used (quantity, units)
  WHERE organization = ANY($1::text[]) AND units <> 0
  GROUP BY organization, model, service_tier, adapter, quantity, cut`;

interface Row {
  organization: string;
  model: string;
  service_tier: ServiceTier;
  adapter: string;
  quantity: Quantity;
  first: Date;
  last: Date;
  units: string;
  requests: string;
}

export class SuspenseQueryStore {
  constructor(private readonly parts: SuspenseQueryParts) {}

  /** By organization, model, service tier, adapter, quantity. */
  async find({ organization, after, limit }: SuspenseQuestion): Promise<Suspended[]> {
    const all = organization === undefined ? await this.organizations() : [organization];
    const left = after ? all.filter((id) => id >= after[0]) : all;
    const found: Suspended[] = [];
    for (let at = 0; at < left.length && found.length < limit; at += ORGANIZATIONS_AT_ONCE) {
      const some = await this.suspended(left.slice(at, at + ORGANIZATIONS_AT_ONCE));
      found.push(...some.filter((row) => !after || isAfter(row, after)));
    }
    return found.slice(0, limit);
  }

  private async suspended(organizations: readonly string[]): Promise<Suspended[]> {
    const { source, accounts, catalogs } = this.parts;
    const versions = await catalogs.versions();
    const known = await accounts.findMany(organizations);
    const terms = new Map<string, Terms>(
      [...known].map(([id, account]) => [id, { account, catalogs: versions }]),
    );
    const changes = priceChanges(terms.values()).map((at) => new Date(at));
    const cuts = await rows<Row>(source, CUTS, [organizations, changes]);
    return suspendedOf(cuts.map(toCut), terms);
  }

  // Organization ids are ASCII: sorted here as `suspendedOf` sorts.
  private async organizations(): Promise<string[]> {
    const sql = 'SELECT DISTINCT organization FROM usage_hour';
    const found = await rows<{ organization: string }>(this.parts.source, sql);
    return found.map(({ organization }) => organization).toSorted((a, b) => (a < b ? -1 : 1));
  }
}

function toCut(row: Row): UsageCut {
  return {
    organization: row.organization,
    model: row.model,
    serviceTier: row.service_tier,
    adapter: row.adapter || null,
    quantity: row.quantity,
    from: row.first.getTime(),
    to: row.last.getTime() + HOUR_MS,
    units: BigInt(row.units),
    requests: BigInt(row.requests),
  };
}
