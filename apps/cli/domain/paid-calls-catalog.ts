// The prices of a ledger of paid calls as published catalogs: each change of a price is a version of its own from that hour on.
import { formatPricePerMillion } from '#libs/money/money.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import { femtoOf } from '#libs/rating/import/list-number.js';
import { formatInstant, hourOf } from '#libs/time/instant.js';
import type { PaidCall } from './paid-calls.js';

/** What a provider takes for a cached token, as a share of its input price. */
export interface CachePrices {
  /** A token read from the cache, such as 1/10. */
  readonly read: readonly [numerator: bigint, denominator: bigint];
  /** A token written to it; null where writing costs what input costs. */
  readonly write: readonly [numerator: bigint, denominator: bigint] | null;
}

/** By the beginning of a model's name. */
export const CACHE_PRICES: readonly (readonly [prefix: string, prices: CachePrices])[] = [
  // https://platform.claude.com/docs/en/build-with-claude/prompt-caching: reads 0.1, writes for 5 minutes 1.25 of the input price
  ['claude', { read: [1n, 10n], write: [5n, 4n] }],
  ['anthropic/claude', { read: [1n, 10n], write: [5n, 4n] }],
  // https://api-docs.deepseek.com/news/news0802: 0.014 instead of 0.14 USD per million
  ['openrouter/deepseek', { read: [1n, 10n], write: null }],
  ['deepseek', { read: [1n, 10n], write: null }],
];

/** The cache prices of a model; undefined where nothing is known of any. */
export function cachePricesOf(model: string): CachePrices | undefined {
  return CACHE_PRICES.find(([prefix]) => model.startsWith(prefix))?.[1];
}

/** Catalogs in order of time; they pass the checks of a published document, or a RangeError names the first fault. */
export function catalogsOf(calls: readonly PaidCall[]): Catalog[] {
  const models = new Map<string, object>();
  const texts: string[] = [];
  let hour: number | undefined;
  for (const call of calls.toSorted((left, right) => left.at - right.at)) {
    const priced = pricesOf(call);
    if (!priced || sameAs(models.get(call.model), priced)) continue;
    const isNew = !models.has(call.model);
    if (!isNew && hour === hourOf(call.at))
      throw new RangeError(`row ${call.row}: two prices for ${call.model} within an hour`);
    models.set(call.model, priced);
    // A model's first price also covers the time before it, as the first catalog does.
    if (isNew && texts.length > 0) addTo(texts, call.model, priced);
    else texts.push(versionOf(texts.length, (hour = hourOf(call.at)), models));
  }
  return texts.map(catalogOf);
}

function pricesOf({ model, inputUsd, outputUsd }: PaidCall): object | undefined {
  if (inputUsd === null || outputUsd === null) return undefined;
  const [input, output] = [femtoOf(inputUsd), femtoOf(outputUsd)];
  const cache = cachePricesOf(model);
  const price = formatPricePerMillion;
  const shareOf = ([numerator, denominator]: readonly [bigint, bigint]): string =>
    price((input * numerator) / denominator);
  return {
    prices: {
      on_demand: {
        input: price(input),
        output: price(output),
        ...(cache && { cached_input: shareOf(cache.read) }),
        ...(cache?.write && { cache_write_5m: shareOf(cache.write) }),
      },
    },
  };
}

function versionOf(index: number, from: number, models: ReadonlyMap<string, object>): string {
  return JSON.stringify({
    version: `ledger-${index + 1}`,
    effective_from: formatInstant(from),
    currency: 'USD',
    models: Object.fromEntries(models),
    tiers: { metered: { usage: 'metered' } },
  });
}

function addTo(texts: string[], model: string, priced: object): void {
  for (const [index, text] of texts.entries()) {
    const document = JSON.parse(text) as { models: Record<string, object> };
    document.models[model] = priced;
    texts[index] = JSON.stringify(document);
  }
}

function catalogOf(text: string): Catalog {
  const parsed = parseCatalogText(text, 'application/json');
  if ('catalog' in parsed) return parsed.catalog;
  const [fault] = parsed.problems;
  throw new RangeError(`the ledger's prices: ${fault?.pointer} ${fault?.detail}`);
}

function sameAs(left: object | undefined, right: object): boolean {
  return left !== undefined && JSON.stringify(left) === JSON.stringify(right);
}
