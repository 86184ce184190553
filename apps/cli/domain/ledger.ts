// What was really sent, counted apart from the product: by organization, month, and the names that decide a price.
// Its pricing is written again on purpose, straight from the published document, so that a fault in libs/rating shows.
import { formatMonth, monthOf } from '#libs/time/month.js';
import type { UsageMessage } from './usage-message.js';

/** `requests` and each pool → units. */
export type PoolTotals = Readonly<Record<string, bigint>>;

interface Entry {
  readonly organization: string;
  readonly period: string;
  readonly model: string;
  readonly serviceTier: string;
  readonly adapter: string | null;
  readonly pool: string;
  units: bigint;
}

/** The part of a published catalog document that decides prices. */
export interface PublishedPrices {
  readonly models: Readonly<Record<string, PublishedModel>>;
  readonly tiers: Readonly<
    Record<
      string,
      { readonly usage: string; readonly prices?: Readonly<Record<string, PublishedModel>> }
    >
  >;
}

interface PublishedModel {
  readonly prices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly adapters?: Readonly<
    Record<string, Readonly<Record<string, string | Readonly<Record<string, string>>>>>
  >;
}

export class Ledger {
  private readonly entries = new Map<string, Entry>();

  /** Books one request; `sign` −1 takes it off again. */
  add(message: UsageMessage, sign: 1 | -1 = 1): void {
    this.book(message, 'requests', sign);
    for (const [pool, units] of Object.entries(message.tokens))
      if (units) this.book(message, pool, sign * units);
  }

  /** Units per pool of an organization in a month (`2026-11`), or in all months. */
  totals(organization: string, period?: string): PoolTotals {
    const totals: Record<string, bigint> = {};
    for (const entry of this.of(organization, period))
      totals[entry.pool] = (totals[entry.pool] ?? 0n) + entry.units;
    return totals;
  }

  /** The months that an organization used anything in, in order. */
  periods(organization: string): string[] {
    return [...new Set(this.of(organization).map(({ period }) => period))].toSorted();
  }

  /** Exact femto-USD at list price under a tier; throws when a pool has no published row. */
  price(organization: string, period: string, tier: string, published: PublishedPrices): bigint {
    return this.of(organization, period)
      .filter(({ pool }) => pool !== 'requests')
      .reduce((sum, entry) => sum + entry.units * femtoPerUnit(entry, tier, published), 0n);
  }

  private of(organization: string, period?: string): Entry[] {
    return [...this.entries.values()].filter(
      (entry) =>
        entry.organization === organization && (period === undefined || entry.period === period),
    );
  }

  private book(message: UsageMessage, pool: string, units: number): void {
    const { organization, model, serviceTier, adapter } = message;
    const period = formatMonth(monthOf(message.at));
    const key = JSON.stringify([organization, period, model, serviceTier, adapter, pool]);
    const entry = this.entries.get(key);
    if (entry) entry.units += BigInt(units);
    else
      this.entries.set(key, {
        organization,
        period,
        model,
        serviceTier,
        adapter,
        pool,
        units: BigInt(units),
      });
  }
}

function femtoPerUnit(entry: Entry, tier: string, published: PublishedPrices): bigint {
  // A tier's own row comes before the model's, row by row.
  const places = [published.tiers[tier]?.prices?.[entry.model], published.models[entry.model]];
  const price = places.map((model) => rowsFor(entry, model)?.[entry.pool]).find(Boolean);
  if (typeof price !== 'string')
    throw new RangeError(`no published price for ${JSON.stringify(entry, bigintText)}`);
  const [whole = '0', fraction = ''] = price.split('.');
  return BigInt(whole + fraction.padEnd(9, '0'));
}

function rowsFor(
  entry: Entry,
  model: PublishedModel | undefined,
): Readonly<Record<string, unknown>> | undefined {
  return entry.adapter === null ? model?.prices?.[entry.serviceTier] : adapterRows(entry, model);
}

function adapterRows(
  entry: Entry,
  model: PublishedModel | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const rows = model?.adapters?.[entry.adapter ?? ''];
  const byTier = rows?.[entry.serviceTier];
  return typeof byTier === 'object' ? byTier : rows;
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
