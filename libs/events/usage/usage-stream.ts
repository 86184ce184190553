// The usage objects of one streamed answer → its final usage. Providers send running totals, or one object at the end, some
// of them twice; none sends increments. So the objects are laid over one another and never added up.
import { findFormat, readAs, type ReadUsage } from './formats.js';
import type { UsageFault } from './usage-fields.js';
import type { RawUsage, UsageFormat } from './usage-format.js';
import { laidOver } from './overlay.js';
import { TOKEN_POOLS } from '../quantities.js';

/**
 * Reads a stream's usage objects, in order and as they came; null where a chunk had none. The final usage must be at least
 * what any chunk has said: else chunks are out of order or of two answers, and the answer is `ambiguous_usage`.
 */
export function readUsageStream(sent: readonly unknown[], name: string | null): ReadUsage {
  const wrong = sent.findIndex((chunk) => chunk !== null && !isObject(chunk));
  if (wrong !== -1)
    return refused(
      'invalid_value',
      `/${wrong}`,
      'must be an object, or null where a chunk had none',
    );
  const chunks = sent.filter(isObject);
  if (chunks.length === 0) return refused('no_usage', '', 'has no chunk with usage');
  const format = findFormat(merged(chunks), name);
  if ('fault' in format) return format;
  const final = readAs(format, (format.fold ?? laidOver)(chunks));
  if ('fault' in final) return final;
  const more = sent.findIndex((chunk) => isObject(chunk) && sum(format, chunk) > tokens(final));
  if (more === -1) return final;
  return refused(
    'ambiguous_usage',
    `/${more}`,
    `has ${sum(format, sent[more] as RawUsage)} tokens, the end of the stream ${tokens(final)}: chunks must be of one answer and in order`,
  );
}

// Every field that any chunk has, for telling the convention.
function merged(chunks: readonly RawUsage[]): RawUsage {
  return Object.assign(Object.create(null) as object, ...chunks) as RawUsage;
}

function isObject(value: unknown): value is RawUsage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// What one chunk alone comes to; one that cannot be read alone says nothing.
function sum(format: UsageFormat, chunk: RawUsage): number {
  const read = readAs(format, chunk);
  return 'fault' in read ? 0 : tokens(read);
}

function tokens({ quantities }: Exclude<ReadUsage, { fault: UsageFault }>): number {
  return TOKEN_POOLS.reduce((total, pool) => total + (quantities[pool] ?? 0), 0);
}

function refused(reason: UsageFault['reason'], pointer: string, detail: string): ReadUsage {
  return { fault: { reason, pointer, detail } };
}
