import { readChat } from './openai-chat.js';
import type { UsageFormat } from './usage-format.js';

/** The chat shape; audio is counted in whole seconds beside the tokens. */
export const mistral: UsageFormat = {
  name: 'mistral',
  marks: ['prompt_audio_seconds'],
  read(usage) {
    const cached = usage.first('num_cached_tokens');
    return {
      ...readChat(usage, { cached }),
      audio_ms: usage.first('prompt_audio_seconds') * 1_000,
    };
  },
};
