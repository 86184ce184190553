// Reads cases with known answers through the door's own normalisers and says how many come out as they must.
import {
  INPUT_POOLS,
  OUTPUT_POOLS,
  type Quantities,
  TOKEN_POOLS,
} from '#libs/events/quantities.js';
import { readUsage } from '#libs/events/usage/formats.js';
import { readUsageStream } from '#libs/events/usage/usage-stream.js';
import type { FormatCase } from './format-answers.js';

export interface Miss {
  readonly id: string;
  readonly provider: string;
  /** What came out instead, in one line. */
  readonly got: string;
}

export interface Score {
  readonly read: number;
  readonly cases: number;
}

export interface Scores {
  readonly byProvider: ReadonlyMap<string, Score>;
  readonly misses: readonly Miss[];
}

/** Scores by provider, alphabetically, and each case that came out otherwise. */
export function scoreFormats(cases: readonly FormatCase[]): Scores {
  const tally = new Map<string, { read: number; cases: number }>();
  const misses: Miss[] = [];
  for (const one of cases.toSorted((a, b) => a.provider.localeCompare(b.provider))) {
    const score = tally.get(one.provider) ?? { read: 0, cases: 0 };
    tally.set(one.provider, score);
    score.cases++;
    const got = missOf(one);
    if (got === undefined) score.read++;
    else misses.push({ id: one.id, provider: one.provider, got });
  }
  return { byProvider: tally, misses };
}

/** Undefined when the case comes out as it must; else what came out. */
export function missOf({ usage, format, answers }: FormatCase): string | undefined {
  const isStream = Array.isArray(usage);
  const read = isStream
    ? readUsageStream(usage as readonly unknown[], format)
    : readUsage(usage as Readonly<Record<string, unknown>>, format);
  if ('fault' in read) return `refused: ${read.fault.reason} ${read.fault.pointer}`.trimEnd();
  const { quantities } = read;
  if (answers.length > 0)
    return answers.some((answer) => isAnswer(quantities, answer)) ? undefined : shown(quantities);
  const last = isStream ? (usage as readonly unknown[]).at(-1) : usage;
  const total = ownTotal(last as Readonly<Record<string, unknown>>);
  return total === undefined || total === sum(quantities, TOKEN_POOLS)
    ? undefined
    : shown(quantities);
}

/** The independent reading's names, whose totals include their parts, and what they are of our disjoint pools. */
const COMPARED: Readonly<Record<string, (quantities: Quantities) => number>> = {
  input_tokens: (quantities) => sum(quantities, INPUT_POOLS),
  output_tokens: (quantities) => sum(quantities, OUTPUT_POOLS),
  cache_read_tokens: ({ cached_input = 0 }) => cached_input,
  cache_write_tokens: ({ cache_write_5m = 0, cache_write_1h = 0 }) =>
    cache_write_5m + cache_write_1h,
  output_reasoning_tokens: ({ reasoning = 0 }) => reasoning,
  output_image_tokens: ({ image_output = 0 }) => image_output,
  web_searches: ({ searches = 0 }) => searches,
};

/** Modalities of the input, from which the independent reading does not take what was cached. */
const MODALITIES = ['audio', 'image', 'video'] as const;

function isAnswer(quantities: Quantities, answer: Readonly<Record<string, number>>): boolean {
  const isSame = Object.entries(COMPARED).every(
    ([name, count]) => count(quantities) === (answer[name] ?? 0),
  );
  const areModalities = MODALITIES.every((kind) => {
    const all = answer[`input_${kind}_tokens`] ?? 0;
    const kept = answer[`cache_${kind}_read_tokens`] ?? 0;
    return (quantities[`${kind}_input`] ?? 0) === all - kept;
  });
  return isSame && areModalities;
}

function ownTotal(usage: Readonly<Record<string, unknown>>): number | undefined {
  const inner = (usage['usage'] ?? usage) as Readonly<Record<string, unknown>>;
  for (const name of ['total_tokens', 'totalTokens', 'totalTokenCount'])
    if (typeof inner[name] === 'number') return inner[name];
  return undefined;
}

function sum(quantities: Quantities, pools: readonly (keyof Quantities)[]): number {
  return pools.reduce((total, pool) => total + (quantities[pool] ?? 0), 0);
}

function shown(quantities: Quantities): string {
  const said = Object.entries(quantities).filter(([, units]) => units !== 0);
  return said.map(([pool, units]) => `${pool} ${units}`).join(', ');
}
