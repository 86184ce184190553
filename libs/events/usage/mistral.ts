import { readChat } from './openai-chat.js';
import type { UsageFormat } from './usage-format.js';

/**
 * The chat shape; audio is counted in seconds beside the tokens. What is billed as cached is `prompt_tokens_details.cached_tokens`
 * (docs.mistral.ai, prompt caching); `num_cached_tokens` is the engine's own, in no document, and earns no discount.
 */
export const mistral: UsageFormat = {
  name: 'mistral',
  marks: ['prompt_audio_seconds', 'num_cached_tokens'],
  read: (usage) => ({
    ...readChat(usage),
    audio_ms: usage.milliseconds('prompt_audio_seconds'),
  }),
};
