// Which conventions there are and how one is told when `usage_format` is left out.
import type { Quantities } from '../quantities.js';
import { anthropic } from './anthropic.js';
import { groq } from './groq.js';
import { bedrock } from './bedrock.js';
import { cohere } from './cohere.js';
import { deepseek } from './deepseek.js';
import { gemini } from './gemini.js';
import { litellm } from './litellm.js';
import { mistral } from './mistral.js';
import { ollama } from './ollama.js';
import { openrouter } from './openrouter.js';
import { otelGenai } from './otel-genai.js';
import { sglang } from './sglang.js';
import { tgi } from './tgi.js';
import { together } from './together.js';
import { vllm } from './vllm.js';
import { xai } from './xai.js';
import { openaiChat } from './openai-chat.js';
import { openaiResponses } from './openai-responses.js';
import { UsageFields, type UsageFault } from './usage-fields.js';
import type { RawUsage, UsageFormat } from './usage-format.js';

/** Every convention, each under the name that `data.usage_format` gives it. */
export const FORMATS: readonly UsageFormat[] = [
  groq,
  deepseek,
  mistral,
  xai,
  openrouter,
  anthropic,
  openaiResponses,
  openaiChat,
  gemini,
  bedrock,
  cohere,
  ollama,
  tgi,
  otelGenai,
  vllm,
  sglang,
  together,
  litellm,
];

const OPENAI = [openaiChat, openaiResponses];
const ON_OPENAI = [groq, deepseek, mistral, xai];

/** Whose marks may stand beside a convention's own, since its shape is theirs and more: that is no riddle. */
const STANDS_ON: ReadonlyMap<UsageFormat, readonly UsageFormat[]> = new Map([
  ...ON_OPENAI.map((format) => [format, OPENAI] as const),
  [openrouter, [...OPENAI, anthropic]],
  [litellm, [...OPENAI, ...ON_OPENAI, anthropic, openrouter]],
]);

export type ReadUsage =
  { readonly format: string; readonly quantities: Quantities } | { readonly fault: UsageFault };

/** Turns a provider's usage object into disjoint pools; `name` null means that its shape must tell the convention. */
export function readUsage(raw: RawUsage, name: string | null): ReadUsage {
  const found = findFormat(raw, name);
  return 'fault' in found ? found : readAs(found, raw);
}

/** The same for a convention that is known. */
export function readAs(format: UsageFormat, raw: RawUsage): ReadUsage {
  const fields = UsageFields.of(raw);
  const quantities = format.read(fields);
  if (fields.fault) return { fault: fields.fault };
  if (fields.counts === 0) return refused('no_usage', `holds no count that ${format.name} names`);
  for (const [pool, units] of Object.entries(quantities))
    if (!Number.isSafeInteger(units))
      return refused('invalid_quantity', `makes more than 2^53-1 of ${pool}`);
  return { format: format.name, quantities };
}

/** The convention of that name, or the one that the shape tells; else why there is none. */
export function findFormat(
  raw: RawUsage,
  name: string | null,
): UsageFormat | { readonly fault: UsageFault } {
  return name === null ? detect(raw) : named(name);
}

function named(name: string): UsageFormat | { readonly fault: UsageFault } {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format) return format;
  const names = FORMATS.map((candidate) => candidate.name).toSorted();
  return refused(
    'unknown_usage_format',
    `"${name.slice(0, 64)}" is not one of ${names.join(', ')}`,
  );
}

function detect(raw: RawUsage): UsageFormat | { readonly fault: UsageFault } {
  const marked = FORMATS.filter((format) => isMarked(format, raw));
  const under = new Set(marked.flatMap((format) => STANDS_ON.get(format) ?? []));
  const [first, second] = marked.filter((format) => !under.has(format));
  if (first && !second) return first;
  if (first)
    return refused('ambiguous_usage', `could be ${marked.map(({ name }) => name).join(' or ')}`);
  return detectUnmarked(raw);
}

function isMarked({ marks, isTold }: UsageFormat, raw: RawUsage): boolean {
  return marks.some((mark) => Object.hasOwn(raw, mark)) || (isTold?.(raw) ?? false);
}

function detectUnmarked(raw: RawUsage): UsageFormat | { readonly fault: UsageFault } {
  const hasSide = Object.hasOwn(raw, 'input_tokens') || Object.hasOwn(raw, 'output_tokens');
  const hasTotal = Object.hasOwn(raw, 'total_tokens');
  // Only conventions that include cached tokens give a total beside them.
  if (hasSide && hasTotal) return openaiResponses;
  if (hasSide)
    return refused(
      'ambiguous_usage',
      'could be openai_responses, whose input_tokens include cached ones, or anthropic, whose do not: name usage_format',
    );
  if (hasTotal)
    return refused(
      'ambiguous_usage',
      'has a total without its parts: name usage_format if all of it is input, as of an embedding',
    );
  if (Object.keys(raw).length === 0) return refused('no_usage', 'is empty');
  return refused('unknown_usage_format', 'has a shape that is not known: name usage_format');
}

function refused(reason: UsageFault['reason'], detail: string): { readonly fault: UsageFault } {
  return { fault: { reason, pointer: '', detail } };
}
