import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** OpenAI's shapes; `prompt_tokens_details` is null even on a cache hit unless `--enable-prompt-tokens-details` is set. */
export const vllm: UsageFormat = { name: 'vllm', marks: [], read: (usage) => readOpenai(usage) };
