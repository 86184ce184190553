// Which price row is in force: a pure question about published catalogs and one account's facts. Nothing falls back silently:
// a quantity without a row of its own is unpriced and waits, it is never priced at zero or at another row's price.
import type { Account, Override } from '../events/account.js';
import { tierAt } from '../events/account.js';
import type { Quantity, ServiceTier } from '../events/quantities.js';
import type { Catalog, Contract, LimitTable, ModelPrices, TierTerms } from './catalog.js';
import { contractOf } from './catalog-compile.js';
import type { Charge } from './charge/charge.js';
import type { Price } from './price-cell.js';
import { chargeFor, parsePrice } from './price-cell.js';
import type { PriceCell } from './price-cell-schema.js';

/** All that decides an organization's prices and limits. Catalogs in order of `effectiveFrom`. */
export interface Terms {
  readonly catalogs: readonly Catalog[];
  readonly account: Account;
}

export interface PriceKey {
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly quantity: Quantity;
  /** The bound of context-bounds.ts that the request's input exceeds (`contextOf`); 0: none. */
  readonly context: number;
}

/** A price and the row it stands in: two rows of the same price are two rows, and two invoice lines. */
export interface PriceRow {
  readonly charge: Charge;
  /** The input length above which the charge holds, in tokens; 0: any. */
  readonly aboveContext: number;
  readonly catalogVersion: string;
  /** The organization's own price; null for a published one. */
  readonly overrideId: string | null;
  /** The tier whose own row it is (`tiers.<tier>.prices`); null for a row of the model or of an override. */
  readonly tierRow: string | null;
}

/** What an organization is on at an instant. */
export interface TermsInForce {
  readonly catalog: Catalog;
  readonly tier: TierTerms;
  /** When the organization came onto this tier, epoch ms. */
  readonly since: number;
}

/** The catalog in force: the last one that began at or before the instant; the first also covers all time before it. */
export function catalogAt(catalogs: readonly Catalog[], at: number): Catalog | undefined {
  return catalogs.findLast((catalog) => catalog.effectiveFrom <= at) ?? catalogs[0];
}

/** Catalog and tier in force; undefined when there is no catalog, it lacks the tier, or it is in another currency than the account. */
export function termsAt(terms: Terms, at: number): TermsInForce | undefined {
  const catalog = catalogAt(terms.catalogs, at);
  if (!catalog || catalog.currency !== terms.account.profile.currency) return undefined;
  const span = tierAt(terms.account, at);
  const tier = catalog.tiers.find((candidate) => candidate.name === span.tier);
  return tier && { catalog, tier, since: span.from };
}

/**
 * The price row in force at an instant, undefined when the usage is unpriced. In this order: the organization's override for
 * the model (of this service tier before any), the tier's own row, the model's row. Usage of an adapter is priced by the rows
 * of the adapter's class alone, overrides included out: an override names no adapter.
 */
export function priceAt(terms: Terms, key: PriceKey, at: number): PriceRow | undefined {
  const inForce = termsAt(terms, at);
  if (!inForce) return undefined;
  const { catalog, tier } = inForce;
  const { context } = key;
  if (key.adapter === null) {
    const override = overrideFor(terms.account, key, at);
    const price = override?.prices[key.quantity];
    if (override && price !== undefined)
      return {
        ...chargeFor(parsePrice(price as PriceCell), context),
        catalogVersion: catalog.version,
        overrideId: override.id,
        tierRow: null,
      };
  }
  const row = { catalogVersion: catalog.version, overrideId: null };
  const own = published(member(tier.prices, key.model), key);
  if (own) return { ...row, ...chargeFor(own, context), tierRow: tier.name };
  const shared = published(member(catalog.models, key.model), key);
  return shared && { ...row, ...chargeFor(shared, context), tierRow: null };
}

/**
 * The conditions for all usage at an instant: the tier's, with the organization's own on top, one by one (the last one granted wins;
 * null lifts the tier's).
 */
export function contractAt(terms: Terms, at: number): Contract {
  const tier = termsAt(terms, at)?.tier;
  const granted = terms.account.overrides
    .filter((override) => override.contract && isInForce(override, at))
    .map((override) => contractOf(override.contract ?? {}));
  return Object.assign({}, tier?.contract, ...granted) as Contract;
}

/**
 * The limits of a model at an instant: the tier's, with the organization's overrides on top (the last one granted wins).
 * null or absent is no limit. Overrides of one service tier count too: a limit is per model.
 */
export function limitsOf(terms: Terms, model: string, at: number): LimitTable {
  const tier = termsAt(terms, at)?.tier;
  const granted = terms.account.overrides
    .filter(
      (override) =>
        override.project === undefined && override.model === model && isInForce(override, at),
    )
    .map((override) => override.limits);
  return Object.assign({}, tier && member(tier.limits, model), ...granted) as LimitTable;
}

/** Every instant strictly inside (from, to) at which a price, a tier or a limit of this organization may change, ascending. */
export function changesBetween(terms: Terms, from: number, to: number): number[] {
  const instants = [
    ...terms.catalogs.slice(1).map((catalog) => catalog.effectiveFrom),
    ...terms.account.tiers.slice(1).map((span) => span.from),
    ...terms.account.overrides.flatMap((override) => [override.from, override.to ?? from]),
  ];
  return [...new Set(instants)].filter((at) => at > from && at < to).toSorted((a, b) => a - b);
}

function overrideFor(account: Account, key: PriceKey, at: number): Override | undefined {
  const fitting = account.overrides.filter(
    (override) =>
      override.model === key.model &&
      override.prices[key.quantity] !== undefined &&
      (override.serviceTier === null || override.serviceTier === key.serviceTier) &&
      isInForce(override, at),
  );
  return fitting.findLast((override) => override.serviceTier !== null) ?? fitting.at(-1);
}

function isInForce(override: Override, at: number): boolean {
  return override.from <= at && (override.to === null || at < override.to);
}

function published(prices: ModelPrices | undefined, key: PriceKey): Price | undefined {
  if (!prices) return undefined;
  if (key.adapter === null) return prices.prices[key.serviceTier]?.[key.quantity];
  // An adapter's id is the customer's; its class is the catalog's. An id that is itself a class names that class.
  const rows = member(prices.adapters, key.adapter) ?? member(prices.adapters, 'lora');
  return rows?.byTier[key.serviceTier]?.[key.quantity] ?? rows?.any?.[key.quantity];
}

// A model may be called `constructor`: only what the catalog itself says counts.
function member<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
