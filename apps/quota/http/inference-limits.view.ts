// The public document: what anyone gets on which tier at which price, in the names of the catalog document (design section 5).
// It says enough to check the enforcer by: every limit, what it counts, and the law by which it refills (docs/limits-document.md).
import { SERVICE_TIERS, TOKEN_POOLS } from '#libs/events/quantities.js';
import { LIMIT_LAWS } from '#libs/rating/bucket.js';
import type { AdapterPrices, Catalog, ModelPrices, PriceTable } from '#libs/rating/catalog.js';
import { contractCell } from '#libs/rating/contract-cell.js';
import { priceCell } from '#libs/rating/price-cell.js';
import { formatInstant } from '#libs/time/instant.js';
import { countsInBuckets } from '../domain/bucket-uses.js';

/** A version of the catalog, with the time from which it is in force and the one at which it was published. */
export interface PublishedVersion {
  readonly version: string;
  readonly effectiveFrom: number;
  readonly recordedAt: number;
}

/** How the limits are enforced; the same in every version. */
const LAW = {
  limit_law: 'token bucket, continuous refill: full_in = used × window / limit',
  limit_windows: mapValues(LIMIT_LAWS, ({ windowSeconds }) => windowSeconds),
  limit_counts: mapValues(LIMIT_LAWS, ({ counts }) => counts),
  limit_scope: 'organization × model, every service tier and API key together',
  counted_token_pools: TOKEN_POOLS.filter((pool) => pool !== 'cached_input'),
  uncounted_token_pools: ['cached_input'],
  uncounted_service_tiers: SERVICE_TIERS.filter((tier) => !countsInBuckets(tier)),
  admission: 'a request is admitted when used + requested ≤ limit in every limit of its model',
  retry_in: '(used + requested − limit) × window / limit',
  too_large: 'a request above a limit is answered 413: no wait cures it',
} as const;

/** The catalog in force, and every published version with the time from which it is. */
export function inferenceLimitsView(catalog: Catalog, versions: readonly PublishedVersion[]) {
  const ordered = versions.toSorted((left, right) => left.effectiveFrom - right.effectiveFrom);
  const next = ordered.find(({ effectiveFrom }) => effectiveFrom > catalog.effectiveFrom);
  return {
    version: catalog.version,
    effective_from: formatInstant(catalog.effectiveFrom),
    effective_to: next ? formatInstant(next.effectiveFrom) : null,
    currency: catalog.currency,
    price_unit: 'currency units per million units',
    ...LAW,
    ...catalogView(catalog),
    versions: ordered.map(versionView),
    changes: '/.well-known/inference-limits/changes',
    keys: '/.well-known/inference-limits/keys.json',
  };
}

/** The part that changes from version to version: what the change feed compares. */
export function catalogView(catalog: Catalog) {
  return {
    models: mapValues(catalog.models, (model) => ({
      title: model.about?.title ?? null,
      status: model.about?.status ?? null,
      context_window: model.about?.contextWindow ?? null,
      max_output_tokens: model.about?.maxOutputTokens ?? null,
      ...pricesView(model),
    })),
    tiers: Object.fromEntries(
      catalog.tiers.map((tier) => [
        tier.name,
        {
          title: tier.title,
          monthly_fee: tier.monthlyFee,
          usage: tier.usage,
          ...contractCell(tier.contract ?? {}),
          features: tier.features,
          limits: tier.limits,
          prices: mapValues(tier.prices, pricesView),
        },
      ]),
    ),
  };
}

/** A version as the document and the change feed list it. */
export function versionView({ version, effectiveFrom, recordedAt }: PublishedVersion) {
  return {
    version,
    effective_from: formatInstant(effectiveFrom),
    published_at: formatInstant(recordedAt),
  };
}

function pricesView({ prices, adapters }: ModelPrices) {
  return { prices: mapValues(prices, tableView), adapters: mapValues(adapters, adapterView) };
}

function adapterView({ any, byTier }: AdapterPrices) {
  return any ? tableView(any) : mapValues(byTier, tableView);
}

function tableView(table: PriceTable) {
  return mapValues(table, priceCell);
}

function mapValues<From, To>(table: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}
