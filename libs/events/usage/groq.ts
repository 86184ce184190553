import { readChat } from './openai-chat.js';
import { laidOver } from './overlay.js';
import type { UsageFields } from './usage-fields.js';
import type { RawUsage, UsageFormat } from './usage-format.js';

/**
 * OpenAI's chat shape with timings. Groq's last stream chunk holds it twice, as `usage` and `x_groq.usage`: either is read,
 * and where both are there they must agree. `dram_cached_tokens` and `sram_cached_tokens` are hardware, not price.
 */
export const groq: UsageFormat = {
  name: 'groq',
  marks: ['x_groq', 'queue_time', 'prompt_time', 'completion_time', 'usage_breakdown'],
  isTold: (raw) => isXGroq(raw),
  read(usage) {
    const inner = innerUsage(usage);
    refuseSeveral(usage);
    if (!usage.has('prompt_tokens')) return readChat(inner);
    agree(usage, inner, 'prompt_tokens');
    agree(usage, inner, 'completion_tokens');
    return readChat(usage);
  },
  fold: (chunks) => laidOver(chunks.map((chunk) => unwrapped(chunk))),
};

function innerUsage(usage: UsageFields): UsageFields {
  if (usage.has('x_groq')) return usage.part('x_groq').part('usage');
  return usage.has('usage') ? usage.part('usage') : usage;
}

// A compound system's answer is the work of several models; one event has one.
function refuseSeveral(usage: UsageFields): void {
  const models = usage.part('usage_breakdown').parts('models');
  const names = new Set(models.map((part) => part.text('model')));
  if (names.size > 1)
    usage.refuse('ambiguous_usage', '/usage_breakdown', 'is of several models: send an event each');
}

// The value of `x_groq` itself: {"id": "req_…", "usage": {…}}.
function isXGroq(raw: RawUsage): boolean {
  const id = Object.hasOwn(raw, 'id') ? raw['id'] : null;
  return typeof id === 'string' && id.startsWith('req_') && isObject(raw['usage']);
}

function unwrapped(chunk: RawUsage): RawUsage {
  if (isXGroq(chunk)) return chunk['usage'] as RawUsage;
  const outer = Object.hasOwn(chunk, 'x_groq') ? chunk['x_groq'] : null;
  const isOnlyOuter = isObject(outer) && !Object.hasOwn(chunk, 'prompt_tokens');
  return isOnlyOuter && isObject(outer['usage']) ? outer['usage'] : chunk;
}

function isObject(value: unknown): value is RawUsage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function agree(outer: UsageFields, inner: UsageFields, name: string): void {
  const one = outer.count(name);
  const other = inner.count(name);
  if (other === undefined || one === other) return;
  outer.refuse('quantities_do_not_add_up', `/${name}`, `is ${one}, x_groq says ${other}`);
}
