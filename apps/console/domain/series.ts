// Usage rows as what is drawn and tabulated: a value per bucket and part, exact, and zero where nothing was used.
import type { Split } from './usage-view.js';

/** As much of a usage row as sums are made of. */
export interface Row {
  readonly from: string;
  readonly requests: bigint;
  readonly tokens: Readonly<Record<string, bigint>>;
  readonly audio_ms: bigint;
  readonly characters: bigint;
  readonly images: bigint;
  readonly searches: bigint;
  readonly model?: string | null;
  readonly project?: string | null;
  readonly service_tier?: string | null;
  readonly api_key?: string | null;
}

export interface Series {
  /** The part's name; '' is usage that names none (no project, no key). */
  readonly key: string;
  /** One for each bucket. */
  readonly values: readonly bigint[];
  readonly total: bigint;
}

export interface SeriesTable {
  /** Epoch ms. */
  readonly starts: readonly number[];
  /** Largest total first; by name where totals are equal. */
  readonly series: readonly Series[];
  readonly totals: readonly bigint[];
}

/** The measure of one row: all pools together for `tokens`, else the pool or count of that name. */
export function measureOf(row: Row, measure: string): bigint {
  if (measure === 'tokens') return sum(Object.values(row.tokens));
  if (Object.hasOwn(row.tokens, measure)) return row.tokens[measure] ?? 0n;
  const beside: Readonly<Record<string, bigint>> = {
    requests: row.requests,
    audio_ms: row.audio_ms,
    characters: row.characters,
    images: row.images,
    searches: row.searches,
  };
  return beside[measure] ?? 0n;
}

/** Sums rows into buckets × parts. By pool the parts are the token pools that were used, whatever the measure. */
export function seriesOf(
  rows: readonly Row[],
  starts: readonly number[],
  wanted: { readonly split: Split; readonly measure: string },
): SeriesTable {
  const place = new Map(starts.map((at, index) => [at, index]));
  const parts = new Map<string, bigint[]>();
  const add = (key: string, at: number, value: bigint): void => {
    const index = place.get(at);
    if (index === undefined || value === 0n) return;
    const values = parts.get(key) ?? starts.map(() => 0n);
    values[index] = (values[index] ?? 0n) + value;
    parts.set(key, values);
  };
  for (const row of rows) {
    const at = Date.parse(row.from);
    if (wanted.split === 'pool')
      for (const [pool, value] of Object.entries(row.tokens)) add(pool, at, value);
    else add(row[wanted.split] ?? '', at, measureOf(row, wanted.measure));
  }
  const series = [...parts]
    .map(([key, values]) => ({ key, values, total: sum(values) }))
    .toSorted((a, b) => (a.total === b.total ? compare(a.key, b.key) : a.total < b.total ? 1 : -1));
  const totals = starts.map((_, index) => sum(series.map(({ values }) => values[index] ?? 0n)));
  return { starts, series, totals };
}

/** The largest parts as they are and the others together (`key` null); for a chart that has only so many colours. */
export function largest(
  table: SeriesTable,
  most: number,
): readonly (Omit<Series, 'key'> & { readonly key: string | null })[] {
  if (table.series.length <= most) return table.series;
  const rest = table.series.slice(most - 1);
  const values = table.starts.map((_, index) => sum(rest.map((part) => part.values[index] ?? 0n)));
  return [...table.series.slice(0, most - 1), { key: null, values, total: sum(values) }];
}

/** A CSV of the table: a line per bucket and part, RFC 4180, instants in UTC; text that a spreadsheet would run is quoted off. */
export function seriesCsv(table: SeriesTable, columns: readonly [string, string, string]): string {
  const lines = table.series.flatMap(({ key, values }) =>
    values.map((value, index) => {
      const from = new Date(table.starts[index] ?? 0).toISOString();
      return [from, cell(key), String(value)].join(',');
    }),
  );
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
