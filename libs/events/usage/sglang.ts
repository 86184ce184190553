import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** OpenAI's shapes with `reasoning_tokens` at the top, inside `completion_tokens`; cached ones only with its cache report. */
export const sglang: UsageFormat = {
  name: 'sglang',
  marks: [],
  read: (usage) => readOpenai(usage),
};
