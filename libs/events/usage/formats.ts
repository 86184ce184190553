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
import type { UsageFormat } from './usage-format.js';

/** In order of detection: a convention that extends another's shape comes before it. */
const FORMATS: readonly UsageFormat[] = [
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

/** Those whose marks stand on top of one of OpenAI's shapes, so that its marks beside them are no riddle. */
const ON_OPENAI: ReadonlySet<UsageFormat> = new Set([groq, deepseek, mistral, xai, openrouter]);
const OPENAI: ReadonlySet<UsageFormat> = new Set([openaiChat, openaiResponses]);

export type ReadUsage =
  { readonly format: string; readonly quantities: Quantities } | { readonly fault: UsageFault };

/** Turns a provider's usage object into disjoint pools; `name` null means that its shape must tell the convention. */
export function readUsage(raw: Readonly<Record<string, unknown>>, name: string | null): ReadUsage {
  const found = name === null ? detect(raw) : named(name);
  if ('fault' in found) return found;
  const fields = UsageFields.of(raw);
  const quantities = found.read(fields);
  if (fields.fault) return { fault: fields.fault };
  if (fields.counts === 0) return refused('no_usage', `holds no count that ${found.name} names`);
  return { format: found.name, quantities };
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

function detect(
  raw: Readonly<Record<string, unknown>>,
): UsageFormat | { readonly fault: UsageFault } {
  const marked = FORMATS.filter(({ marks }) => marks.some((mark) => Object.hasOwn(raw, mark)));
  const [first, second, third] = marked;
  if (first && !second) return first;
  if (first && second && !third && ON_OPENAI.has(first) && OPENAI.has(second)) return first;
  if (first)
    return refused('ambiguous_usage', `could be ${marked.map(({ name }) => name).join(' or ')}`);
  const unmarked = Object.hasOwn(raw, 'input_tokens') || Object.hasOwn(raw, 'output_tokens');
  // Only conventions that include cached tokens give a total beside them.
  if (unmarked && Object.hasOwn(raw, 'total_tokens')) return openaiResponses;
  if (unmarked)
    return refused(
      'ambiguous_usage',
      'could be openai_responses, whose input_tokens include cached ones, or anthropic, whose do not: name usage_format',
    );
  if (Object.keys(raw).length === 0) return refused('no_usage', 'is empty');
  return refused('unknown_usage_format', 'has a shape that is not known: name usage_format');
}

function refused(reason: UsageFault['reason'], detail: string): { readonly fault: UsageFault } {
  return { fault: { reason, pointer: '', detail } };
}
