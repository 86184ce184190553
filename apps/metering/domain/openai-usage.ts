// OpenAI's organization usage page out of usage hours: which buckets a page holds, and how pools become its fields.
// Source: openai-openapi, /organization/usage/completions. Pools are disjoint, so every sum here counts a token once.
import type { Quantity } from '#libs/events/quantities.js';
import { DAY_MS, HOUR_MS } from '#libs/time/instant.js';
import type { Dimension, UsageSums } from './usage-query.js';

/** The finest bucket is the hour: OpenAI's 1m has nothing to be made of. */
export const BUCKET_WIDTHS = {
  '1h': { ms: HOUR_MS, window: 'hour', usual: 24, most: 168 },
  '1d': { ms: DAY_MS, window: 'day', usual: 7, most: 31 },
} as const;
export type BucketWidth = keyof typeof BUCKET_WIDTHS;

export const OPENAI_GROUPS = [
  'project_id',
  'user_id',
  'api_key_id',
  'model',
  'batch',
  'service_tier',
] as const;
export type OpenAiGroup = (typeof OPENAI_GROUPS)[number];

/** Whole buckets: epoch ms, half-open; `next` is where the following page begins, null after the last. */
export interface BucketPage {
  readonly from: number;
  readonly to: number;
  readonly next: number | null;
}

/** A result with the texts of its groups; every field is ready for the wire. */
export type OpenAiResult = Readonly<Record<string, string | bigint | boolean | null>>;

const COLUMNS: Readonly<Record<OpenAiGroup, Dimension>> = {
  project_id: 'project',
  user_id: 'end_user',
  api_key_id: 'api_key',
  model: 'model',
  batch: 'service_tier',
  service_tier: 'service_tier',
};

/** The buckets of a page from `start` on: both ends go out to the edges of the buckets that hold them. */
export function bucketPage(
  range: { readonly start: number; readonly end: number },
  width: BucketWidth,
  limit: number,
): BucketPage {
  const { ms } = BUCKET_WIDTHS[width];
  const from = Math.floor(range.start / ms) * ms;
  const end = Math.ceil(range.end / ms) * ms;
  const to = Math.min(end, from + limit * ms);
  return { from, to, next: to < end ? to : null };
}

/** What usage must be grouped by to tell the groups that were asked for. */
export function columnsFor(groups: readonly OpenAiGroup[]): Dimension[] {
  return [...new Set(groups.map((group) => COLUMNS[group]))];
}

/** Rows grouped by `columnsFor(groups)` → results per bucket start, in the order of the rows. */
export function resultsByBucket(
  rows: readonly UsageSums[],
  groups: readonly OpenAiGroup[],
): Map<number, OpenAiResult[]> {
  const byBucket = new Map<number, Map<string, UsageSums[]>>();
  for (const row of rows) {
    const named = byBucket.get(row.bucket) ?? new Map<string, UsageSums[]>();
    byBucket.set(row.bucket, named);
    const name = JSON.stringify(groups.map((group) => valueOf(group, row)));
    named.set(name, [...(named.get(name) ?? []), row]);
  }
  return new Map(
    [...byBucket].map(([bucket, named]) => [
      bucket,
      [...named.values()].map((same) => resultOf(same, groups)),
    ]),
  );
}

function resultOf(rows: readonly UsageSums[], groups: readonly OpenAiGroup[]): OpenAiResult {
  const sum = (...pools: Quantity[]): bigint =>
    rows.reduce((all, { quantities }) => pools.reduce((n, pool) => n + quantities[pool], all), 0n);
  const first = rows[0];
  const named = OPENAI_GROUPS.map((group) => [
    group,
    first && groups.includes(group) ? valueOf(group, first) : null,
  ]);
  const uncached = sum('input', 'audio_input', 'image_input', 'video_input');
  const cacheWrite = sum('cache_write_5m', 'cache_write_1h');
  const cached = sum('cached_input');
  return {
    object: 'organization.usage.completions.result',
    input_tokens: uncached + cached + cacheWrite,
    input_cached_tokens: cached,
    input_cache_write_tokens: cacheWrite,
    input_uncached_tokens: uncached,
    output_tokens: sum('output', 'reasoning', 'audio_output', 'image_output'),
    input_text_tokens: sum('input'),
    output_text_tokens: sum('output', 'reasoning'),
    input_audio_tokens: sum('audio_input'),
    output_audio_tokens: sum('audio_output'),
    input_image_tokens: sum('image_input'),
    output_image_tokens: sum('image_output'),
    // A cached token is in one pool whatever its modality.
    input_cached_text_tokens: null,
    input_cached_audio_tokens: null,
    input_cached_image_tokens: null,
    num_model_requests: rows.reduce((all, { requests }) => all + requests, 0n),
    ...(Object.fromEntries(named) as Record<OpenAiGroup, string | boolean | null>),
  };
}

function valueOf(group: OpenAiGroup, { groups }: UsageSums): string | boolean | null {
  if (group === 'batch') return groups.service_tier === 'batch';
  return groups[COLUMNS[group]] || null;
}
