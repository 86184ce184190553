// What the usage page asks for and shows, from the text in its URL; every bound is a whole UTC hour, as usage is kept.

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export const WINDOWS = ['hour', 'day', 'month'] as const;
export type Window = (typeof WINDOWS)[number];

export const SPLITS = ['model', 'pool', 'project', 'api_key', 'service_tier'] as const;
export type Split = (typeof SPLITS)[number];

/** The named spans: `1d` is the last 24 hours, `12mo` this month and the eleven before it. */
export const SPANS = ['1d', '7d', '30d', 'month', '12mo'] as const;
export type Span = (typeof SPANS)[number];

export interface UsageView {
  readonly span: Span;
  readonly window: Window;
  readonly split: Split;
  readonly measure: string;
  readonly filters: Readonly<Partial<Record<Filter, string>>>;
}

export const FILTERS = ['model', 'project', 'service_tier', 'api_key'] as const;
export type Filter = (typeof FILTERS)[number];

/** Tokens of all pools, requests, one pool, or what is counted beside tokens. */
export const MEASURES = [
  'tokens',
  'requests',
  'input',
  'cached_input',
  'cache_write_5m',
  'cache_write_1h',
  'output',
  'reasoning',
  'audio_input',
  'audio_output',
  'image_input',
  'image_output',
  'video_input',
  'audio_ms',
  'characters',
  'images',
  'searches',
] as const;

/** The view that search parameters name; `wrong` are those that a hand-edited URL got wrong, which take the default. */
export function usageViewOf(search: Readonly<Record<string, string | undefined>>): {
  readonly view: UsageView;
  readonly wrong: readonly string[];
} {
  const wrong: string[] = [];
  const pick = <T extends string>(name: string, among: readonly T[], otherwise: T): T => {
    const asked = search[name];
    if (asked === undefined) return otherwise;
    const found = among.find((one) => one === asked);
    if (found === undefined) wrong.push(`${name}=${asked}`);
    return found ?? otherwise;
  };
  const span = pick('span', SPANS, '30d');
  const view = {
    span,
    window: pick('window', WINDOWS, defaultWindow(span)),
    split: pick('by', SPLITS, 'model'),
    measure: pick('measure', MEASURES, 'tokens'),
    filters: Object.fromEntries(
      FILTERS.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
    ),
  };
  return { view, wrong };
}

export function defaultWindow(span: Span): Window {
  if (span === '1d') return 'hour';
  return span === '12mo' ? 'month' : 'day';
}

/** The half-open range of a span at an instant: it ends with the running hour, and begins on a whole bucket. */
export function rangeOf(span: Span, now: number): { readonly from: number; readonly to: number } {
  const to = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const date = new Date(now);
  const month = (back: number): number =>
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1);
  const from: Readonly<Record<Span, number>> = {
    '1d': to - DAY_MS,
    '7d': today - 6 * DAY_MS,
    '30d': today - 29 * DAY_MS,
    month: month(0),
    '12mo': month(11),
  };
  return { from: from[span], to };
}

/** The starts of all buckets that a range touches, epoch ms; the first is cut to the range, as the API cuts it. */
export function bucketStarts(range: { from: number; to: number }, window: Window): number[] {
  const starts: number[] = [];
  for (let at = range.from; at < range.to; at = nextBucket(at, window)) starts.push(at);
  return starts;
}

function nextBucket(at: number, window: Window): number {
  if (window === 'hour') return Math.floor(at / HOUR_MS) * HOUR_MS + HOUR_MS;
  if (window === 'day') return Math.floor(at / DAY_MS) * DAY_MS + DAY_MS;
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** "2026-11-24T09:00:00Z": instants as the API takes them. */
export function instantText(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
