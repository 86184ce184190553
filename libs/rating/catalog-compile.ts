// A checked catalog document → the catalog that readers hold, prices as femto-units per unit.
import { SERVICE_TIERS } from '../events/quantities.js';
import { parseMoney } from '../money/money.js';
import { parseInstant } from '../time/instant.js';
import type {
  AdapterPrices,
  Catalog,
  Contract,
  ModelPrices,
  PriceTable,
  TierTerms,
} from './catalog.js';
import type {
  AdapterDocument,
  CatalogDocument,
  ModelDocument,
  TierDocument,
} from './catalog-schema.js';
import { parsePercent } from './charge/discount.js';
import type { MappingDocument } from './ingest-mappings.js';
import { parseMapping } from './ingest-mappings.js';
import { parsePrice } from './price-cell.js';
import type { PriceCell } from './price-cell-schema.js';

type TableDocument = Partial<Record<string, PriceCell>>;

/** The document must have passed the checks of `parseCatalogText`. */
export function compileCatalog(document: CatalogDocument): Catalog {
  return {
    version: document.version,
    effectiveFrom: parseInstant(document.effective_from) as number,
    currency: document.currency,
    models: mapValues(document.models, (model) => ({ ...pricesOf(model), about: aboutOf(model) })),
    tiers: Object.entries(document.tiers).map(([name, tier]) => tierOf(name, tier)),
    mappings: mapValues(
      (document.ingest?.mappings ?? {}) as Record<string, MappingDocument>,
      parseMapping,
    ),
  };
}

function aboutOf(model: ModelDocument) {
  return {
    title: model.title ?? null,
    status: model.status ?? null,
    contextWindow: model.context_window ?? null,
    maxOutputTokens: model.max_output_tokens ?? null,
  };
}

function pricesOf(model: Partial<Pick<ModelDocument, 'prices' | 'adapters'>>): ModelPrices {
  return {
    prices: mapValues(model.prices ?? {}, tableOf),
    adapters: mapValues(model.adapters ?? {}, adapterOf),
  };
}

function adapterOf(rows: AdapterDocument): AdapterPrices {
  const isByTier = SERVICE_TIERS.some((tier) => Object.hasOwn(rows, tier));
  if (!isByTier) return { any: tableOf(rows as TableDocument), byTier: {} };
  return { byTier: mapValues(rows as Record<string, TableDocument>, tableOf) };
}

function tableOf(table: TableDocument): PriceTable {
  return mapValues(table as Record<string, PriceCell>, parsePrice);
}

function tierOf(name: string, tier: TierDocument): TierTerms {
  return {
    name,
    title: tier.title ?? titleOf(name),
    monthlyFee: tier.monthly_fee ?? null,
    usage: tier.usage,
    contract: contractOf(tier),
    features: tier.features ?? [],
    limits: tier.limits ?? {},
    prices: mapValues(tier.prices ?? {}, pricesOf),
  };
}

/** Conditions as a tier or an override writes them; null lifts one, an absent one is not said. */
export function contractOf(terms: {
  readonly discount_percent?: string | null;
  readonly minimum_commitment?: string | null;
  readonly maximum_charge?: string | null;
}): Contract {
  return {
    ...said('discount', terms.discount_percent, parsePercent),
    ...said('minimumFemto', terms.minimum_commitment, parseMoney),
    ...said('maximumFemto', terms.maximum_charge, parseMoney),
  };
}

function said(
  name: keyof Contract,
  text: string | null | undefined,
  read: (text: string) => bigint,
): Contract {
  return text === undefined ? {} : { [name]: text === null ? null : read(text) };
}

/** free → Free, pay_as_you_go → Pay as you go. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// Object.fromEntries makes own properties of every name, `__proto__` included.
function mapValues<From, To>(table: Record<string, From>, change: (value: From) => To) {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, change(value)]),
  ) as Record<string, To>;
}
