import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** Its own API counts evaluations, without those that its cache saved; its compatible API has OpenAI's shapes. */
export const ollama: UsageFormat = {
  name: 'ollama',
  marks: ['prompt_eval_count', 'eval_count'],
  read(usage) {
    const isOwn = usage.has('prompt_eval_count') || usage.has('eval_count');
    if (!isOwn) return readOpenai(usage);
    return { input: usage.first('prompt_eval_count'), output: usage.first('eval_count') };
  },
};
