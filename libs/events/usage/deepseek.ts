import { readChat } from './openai-chat.js';
import type { UsageFormat } from './usage-format.js';

/** The chat shape; hits and misses of the cache make up `prompt_tokens`. */
export const deepseek: UsageFormat = {
  name: 'deepseek',
  marks: ['prompt_cache_hit_tokens', 'prompt_cache_miss_tokens'],
  read(usage) {
    const hit = usage.first('prompt_cache_hit_tokens');
    if (usage.has('prompt_cache_miss_tokens'))
      usage.total('prompt_tokens', hit + usage.first('prompt_cache_miss_tokens'));
    return readChat(usage, { cached: hit });
  },
};
