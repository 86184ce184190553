// Running totals laid over one another: of each field the last that was said.
import type { RawUsage } from './usage-format.js';

const TOTALS: ReadonlySet<string> = new Set(['total_tokens', 'totalTokens', 'totalTokenCount']);

/**
 * Field by field the last value that is not null. A total counts only from the last chunk: an earlier one is of less. So
 * `[{a: 1, total_tokens: 1}, {b: 2}]` is `{a: 1, b: 2}`.
 */
export function laidOver(chunks: readonly RawUsage[]): RawUsage {
  const final: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const chunk of chunks)
    for (const [name, value] of Object.entries(chunk)) {
      const isStale = TOTALS.has(name) && chunk !== chunks.at(-1);
      if (value !== null && !isStale) final[name] = value;
    }
  return final;
}

/** The same objects added up, number by number: for separate calls that one stream reports. */
export function addedUp(chunks: readonly RawUsage[]): RawUsage {
  const sum: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const chunk of chunks)
    for (const [name, value] of Object.entries(chunk)) {
      const before = sum[name];
      const isSum = typeof before === 'number' && typeof value === 'number';
      if (isSum) sum[name] = before + value;
      else if (Array.isArray(before) && Array.isArray(value)) sum[name] = [...before, ...value];
      else if (value !== null) sum[name] = value;
    }
  return sum;
}
