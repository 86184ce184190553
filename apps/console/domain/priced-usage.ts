// Usage rows of the API as what has a price: units per pool, and what is counted beside tokens.
import type { PricedUsage } from './cost.js';

export interface UsageSums {
  readonly model?: string | null;
  readonly service_tier?: string | null;
  readonly adapter?: string | null;
  readonly tokens: Readonly<Record<string, bigint>>;
  readonly audio_ms: bigint;
  readonly characters: bigint;
  readonly images: bigint;
  readonly searches: bigint;
}

/** Rows grouped by model, service tier and adapter; usage that names no service tier is on demand, as the rater takes it. */
export function pricedUsage(rows: readonly UsageSums[]): PricedUsage[] {
  return rows.map((row) => ({
    model: row.model ?? '',
    serviceTier: row.service_tier ?? 'on_demand',
    adapter: row.adapter ?? null,
    units: {
      ...row.tokens,
      audio_ms: row.audio_ms,
      characters: row.characters,
      images: row.images,
      searches: row.searches,
    },
  }));
}
