// The public document: what anyone gets on which tier at which price, in the names of the catalog document (design section 5).
import { formatPricePerMillion } from '#libs/money/money.js';
import { LIMIT_LAWS } from '#libs/rating/bucket.js';
import type { AdapterPrices, Catalog, ModelPrices, PriceTable } from '#libs/rating/catalog.js';
import { formatInstant } from '#libs/time/instant.js';

/** The catalog in force, and every published version with the time from which it is. */
export function inferenceLimitsView(catalog: Catalog, versions: readonly Catalog[]) {
  return {
    version: catalog.version,
    effective_from: formatInstant(catalog.effectiveFrom),
    currency: catalog.currency,
    price_unit: 'currency units per million units',
    limit_law: 'token bucket, continuous refill: full_in = used × window / limit',
    limit_windows: mapValues(LIMIT_LAWS, ({ windowSeconds }) => windowSeconds),
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
          features: tier.features,
          limits: tier.limits,
          prices: mapValues(tier.prices, pricesView),
        },
      ]),
    ),
    versions: versions.map(({ version, effectiveFrom }) => ({
      version,
      effective_from: formatInstant(effectiveFrom),
    })),
  };
}

function pricesView({ prices, adapters }: ModelPrices) {
  return { prices: mapValues(prices, tableView), adapters: mapValues(adapters, adapterView) };
}

function adapterView({ any, byTier }: AdapterPrices) {
  return any ? tableView(any) : mapValues(byTier, tableView);
}

function tableView(table: PriceTable) {
  return mapValues(table, formatPricePerMillion);
}

function mapValues<From, To>(table: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}
