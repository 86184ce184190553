// The published document (/.well-known/inference-limits.json): who gets what at which price. The one source of every price and
// limit that the console shows.
import { formatExact, parseMoney, parsePricePerMillion } from '#libs/money/money.js';

/** USD per million units, decimal strings, by quantity. */
export type PriceTable = Readonly<Record<string, string>>;

export interface Prices {
  /** By service tier. */
  readonly prices: Readonly<Record<string, PriceTable>>;
  /** By adapter class: one table for every service tier, or a table for each. */
  readonly adapters: Readonly<Record<string, PriceTable | Readonly<Record<string, PriceTable>>>>;
}

export interface PublishedModel extends Prices {
  readonly title: string | null;
  readonly status: string | null;
  readonly context_window: bigint | null;
  readonly max_output_tokens: bigint | null;
}

export type LimitTable = Readonly<Record<string, bigint | null>>;

export interface PublishedTier {
  readonly title: string;
  readonly monthly_fee: string | null;
  readonly usage: 'free' | 'metered' | 'contract';
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, LimitTable>>;
  readonly prices: Readonly<Record<string, Prices>>;
}

export interface Published {
  readonly version: string;
  readonly effective_from: string;
  readonly currency: string;
  readonly limit_windows: Readonly<Record<string, bigint>>;
  readonly models: Readonly<Record<string, PublishedModel>>;
  /** In the order of the path of upgrades: free, developer, enterprise. */
  readonly tiers: Readonly<Record<string, PublishedTier>>;
  readonly versions: readonly { readonly version: string; readonly effective_from: string }[];
}

export interface PriceQuestion {
  readonly model: string;
  readonly serviceTier: string;
  readonly adapter: string | null;
  readonly pool: string;
}

/**
 * The published price of a pool on a tier, USD per million: the tier's own row, else the model's; with an adapter only the
 * adapter's rows. undefined is unpriced, never zero. The same order as the rater's (libs/rating/price-book.ts).
 */
export function priceOn(
  document: Published,
  tier: string,
  question: PriceQuestion,
): string | undefined {
  const own = member(member(document.tiers, tier)?.prices ?? {}, question.model);
  return rowOf(own, question) ?? rowOf(member(document.models, question.model), question);
}

/** femto-currency-units per unit, or undefined when the pool is unpriced: "0.05" per million is 50000000n. */
export function femtoPerUnit(price: string | undefined): bigint | undefined {
  return price === undefined ? undefined : parsePricePerMillion(price);
}

/** The service tiers with at least one price of a model, in the document's order. */
export function serviceTiersOf(model: Prices | undefined): string[] {
  return Object.keys(model?.prices ?? {});
}

/** The tier after this one on the path of upgrades; undefined on the last one, or when the tier is not published. */
export function nextTier(document: Published, tier: string): string | undefined {
  const names = Object.keys(document.tiers);
  const place = names.indexOf(tier);
  return place < 0 ? undefined : names[place + 1];
}

/** Models on offer, and those that are gone (`retired`, `retired by 2026-06`); each in the document's order. */
export function modelsByStatus(document: Published): { offered: string[]; retired: string[] } {
  const names = Object.keys(document.models);
  const isRetired = (name: string): boolean =>
    document.models[name]?.status?.startsWith('retired') ?? false;
  return { offered: names.filter((name) => !isRetired(name)), retired: names.filter(isRetired) };
}

/** Features of a tier that the one before it lacks. */
export function addedFeatures(tier: PublishedTier, before: PublishedTier | undefined): string[] {
  return tier.features.filter((feature) => !before?.features.includes(feature));
}

/** A price per million milliseconds of audio as a price per hour, exact: an hour has 3.6 million, "0.03" is "0.108". */
export function perHour(perMillion: string): string {
  return formatExact((parseMoney(perMillion) * 36n) / 10n);
}

function rowOf(prices: Prices | undefined, question: PriceQuestion): string | undefined {
  const { serviceTier, adapter, pool } = question;
  if (!prices) return undefined;
  if (adapter === null) return member(prices.prices, serviceTier)?.[pool];
  const rows: Readonly<Record<string, string | PriceTable>> | undefined =
    member(prices.adapters, adapter) ?? member(prices.adapters, 'lora');
  if (!rows) return undefined;
  const byTier = member(rows, serviceTier);
  if (typeof byTier === 'object') return byTier[pool];
  const any = member(rows, pool);
  return typeof any === 'string' ? any : undefined;
}

// A model may be called `constructor`: only what the document itself says counts.
function member<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
