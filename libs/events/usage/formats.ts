// Which conventions there are and how one is told when `usage_format` is left out.
import type { Quantities } from '../quantities.js';
import { anthropic } from './anthropic.js';
import { groq } from './groq.js';
import { openaiChat } from './openai-chat.js';
import { openaiResponses } from './openai-responses.js';
import { UsageFields, type UsageFault } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/** The names that the HTTP contract gives; one that is not among `FORMATS` yet is refused with a detail that says so. */
export const USAGE_FORMATS = [
  'openai_chat',
  'openai_responses',
  'anthropic',
  'groq',
  'vllm',
  'sglang',
  'gemini',
  'bedrock',
  'mistral',
  'cohere',
  'xai',
  'deepseek',
  'ollama',
  'tgi',
  'openrouter',
  'together',
  'litellm',
  'otel_genai',
] as const;

/** In order of detection: a convention that extends another's shape comes before it. */
const FORMATS: readonly UsageFormat[] = [groq, anthropic, openaiResponses, openaiChat];

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
  const promised = (USAGE_FORMATS as readonly string[]).includes(name);
  const detail = promised
    ? `${name} is not read yet: send tokens instead`
    : `"${name.slice(0, 64)}" is not one of ${USAGE_FORMATS.join(', ')}`;
  return refused('unknown_usage_format', detail);
}

function detect(
  raw: Readonly<Record<string, unknown>>,
): UsageFormat | { readonly fault: UsageFault } {
  const marked = FORMATS.filter(({ marks }) => marks.some((mark) => Object.hasOwn(raw, mark)));
  // Groq's marks come on top of OpenAI's chat shape; any other two conventions at once are a riddle.
  const [first, second] = marked;
  if (first && (!second || (first === groq && second === openaiChat))) return first;
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
