import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** The chat shape of every provider: Anthropic's cache counts stay at the top, but here `prompt_tokens` includes them. */
export const litellm: UsageFormat = {
  name: 'litellm',
  marks: [],
  read(usage) {
    const cached = usage.first('cache_read_input_tokens');
    const written = usage.first('cache_creation_input_tokens');
    const life = usage.part('prompt_tokens_details').part('cache_creation_token_details');
    const hour = life.first('ephemeral_1h_input_tokens');
    const pools = readOpenai(usage, { cached, written });
    const minutes = usage.rest('cache_creation_input_tokens', pools.cache_write_5m ?? 0, hour);
    return { ...pools, cache_write_5m: minutes, cache_write_1h: hour };
  },
};
