import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** The chat shape with `cached_tokens` at the top, inside `prompt_tokens`. */
export const together: UsageFormat = {
  name: 'together',
  marks: [],
  read: (usage) => readOpenai(usage),
};
