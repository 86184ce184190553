// The price playground: what one request and a month of them cost on each tier. Its state is the URL's, so that a link shows the same.
import { type Cost, listCost } from './cost.js';
import { latinDigits } from './digits.js';
import type { Published } from './published.js';

export interface Playground {
  readonly model: string;
  readonly service_tier: string;
  readonly adapter: string | null;
  /** Tokens of the prompt that were not in the cache, from the cache, and of the answer; per request. */
  readonly input: bigint;
  readonly cached: bigint;
  readonly output: bigint;
  readonly requests_per_day: bigint;
}

/** A month of the playground has 30 days. */
const DAYS = 30n;

// 2^53 − 1 tokens in one request is what an event can carry; a mistyped URL must not ask for more.
const MOST = 9_007_199_254_740_991n;

const DEFAULTS = { input: 1_000n, cached: 0n, output: 300n, requests_per_day: 1_000n };

/** The state that search parameters say; what is missing or is no count takes the default. */
export function playgroundOf(
  document: Published,
  search: Readonly<Record<string, unknown>>,
): { readonly playground: Playground; readonly unknown: readonly string[] } {
  const asked = text(search['model']);
  const isKnown = asked !== undefined && Object.hasOwn(document.models, asked);
  const model = isKnown ? asked : (firstPriced(document) ?? '');
  const prices = document.models[model]?.prices ?? {};
  const askedTier = text(search['service_tier']);
  const hasTier = askedTier !== undefined && Object.hasOwn(prices, askedTier);
  const counts = Object.entries(DEFAULTS).map(([name, byDefault]) => {
    const given = text(search[name]);
    return [name, given === undefined ? byDefault : (countOf(given) ?? byDefault)] as const;
  });
  const unknown = [
    ...(asked !== undefined && !isKnown ? [asked] : []),
    ...(askedTier !== undefined && !hasTier ? [askedTier] : []),
    ...Object.keys(DEFAULTS).flatMap((name) => {
      const given = text(search[name]);
      return given !== undefined && countOf(given) === undefined ? [`${name}=${given}`] : [];
    }),
  ];
  const playground = {
    model,
    service_tier: hasTier ? askedTier : (Object.keys(prices)[0] ?? 'on_demand'),
    adapter: text(search['adapter']) ?? null,
    ...(Object.fromEntries(counts) as Record<keyof typeof DEFAULTS, bigint>),
  };
  return { playground, unknown };
}

/** The search parameters of a state: only what differs from nothing said, so that links stay short. */
export function searchOf(playground: Playground): Record<string, string> {
  const { model, service_tier, adapter } = playground;
  return {
    model,
    service_tier,
    ...(adapter !== null && { adapter }),
    input: String(playground.input),
    cached: String(playground.cached),
    output: String(playground.output),
    requests_per_day: String(playground.requests_per_day),
  };
}

export interface TierCost {
  readonly tier: string;
  readonly request: Cost;
  /** A month of requests at list price, femto-currency-units. */
  readonly monthFemto: bigint;
}

/** One request, and `requests_per_day` of them for 30 days, at the list price of each tier. */
export function costsByTier(document: Published, playground: Playground): TierCost[] {
  const { model, adapter, input, cached, output } = playground;
  const units = { input, cached_input: cached, output };
  const usage = { model, serviceTier: playground.service_tier, adapter, units };
  return Object.keys(document.tiers).map((tier) => {
    const request = listCost(document, tier, usage);
    return { tier, request, monthFemto: request.femto * playground.requests_per_day * DAYS };
  });
}

export interface ShortLimit {
  readonly name: string;
  readonly limit: bigint;
  /** What a day of the playground asks of it. */
  readonly asked: bigint;
}

/** The daily limits of a tier that this use would run into. Tokens from the cache and batches do not count (docs/limits.md). */
export function shortLimits(
  document: Published,
  tier: string,
  playground: Playground,
): ShortLimit[] {
  const { model, input, output, requests_per_day: requests } = playground;
  if (playground.service_tier === 'batch') return [];
  const terms = document.tiers[tier]?.limits ?? {};
  const limits = Object.hasOwn(terms, model) ? (terms[model] ?? {}) : {};
  const asked = { requests_per_day: requests, tokens_per_day: (input + output) * requests };
  return Object.entries(asked).flatMap(([name, daily]) => {
    const limit = limits[name];
    return limit != null && limit < daily ? [{ name, limit, asked: daily }] : [];
  });
}

/** "1000", "1,000" and "١٬٠٠٠" → 1000n; undefined for what is no whole number from 0 to 2^53 − 1. */
export function countOf(given: string): bigint | undefined {
  const digits = latinDigits(given).replace(/[\s,]/g, '');
  if (!/^\d{1,16}$/.test(digits)) return undefined;
  const count = BigInt(digits);
  return count > MOST ? undefined : count;
}

function firstPriced(document: Published): string | undefined {
  return Object.entries(document.models).find(
    ([, { prices }]) => prices['on_demand']?.['input'] !== undefined,
  )?.[0];
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
