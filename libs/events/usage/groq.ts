import { readChat } from './openai-chat.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * OpenAI's chat shape with timings. Groq's last stream chunk holds it twice, as `usage` and `x_groq.usage`: either is read,
 * and where both are there they must agree. `dram_cached_tokens` and `sram_cached_tokens` are hardware, not price.
 */
export const groq: UsageFormat = {
  name: 'groq',
  marks: ['x_groq', 'queue_time', 'prompt_time', 'completion_time'],
  read(usage) {
    const inner = innerUsage(usage);
    if (!usage.has('prompt_tokens')) return readChat(inner);
    agree(usage, inner, 'prompt_tokens');
    agree(usage, inner, 'completion_tokens');
    return readChat(usage);
  },
};

function innerUsage(usage: UsageFields): UsageFields {
  if (usage.has('x_groq')) return usage.part('x_groq').part('usage');
  return usage.has('usage') ? usage.part('usage') : usage;
}

function agree(outer: UsageFields, inner: UsageFields, name: string): void {
  const one = outer.count(name);
  const other = inner.count(name);
  if (other === undefined || one === other) return;
  outer.refuse('quantities_do_not_add_up', `/${name}`, `is ${one}, x_groq says ${other}`);
}
