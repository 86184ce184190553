import { readChat } from './openai-chat.js';
import { readOpenai } from './openai-responses.js';
import type { UsageFields } from './usage-fields.js';
import type { RawUsage, UsageFormat } from './usage-format.js';

/**
 * The chat shape of every provider: Anthropic's cache counts stay at the top, but here `prompt_tokens` includes them
 * (litellm/types/utils.py, Usage). A copy that leaves them out shows in the total: 10 + 5 of 35 with 20 cached.
 */
export const litellm: UsageFormat = {
  name: 'litellm',
  marks: [],
  isTold: isChatWithCacheCounts,
  read(usage) {
    const cached = usage.first('cache_read_input_tokens');
    const written = usage.first('cache_creation_input_tokens');
    const details = usage.part('prompt_tokens_details');
    const life = details.part('cache_creation_token_details');
    const hour = life.first('ephemeral_1h_input_tokens');
    const isBeside = cached + written > 0 && areCachesBeside(usage, cached + written);
    const pools = isBeside
      ? {
          ...readChat(usage.without('total_tokens')),
          cached_input: cached,
          cache_write_5m: written,
        }
      : readOpenai(usage, { cached, written });
    const minutes = usage.rest('cache_creation_input_tokens', pools.cache_write_5m ?? 0, hour);
    const searches =
      usage.part('server_tool_use').first('web_search_requests') ||
      details.first('web_search_requests');
    return { ...pools, cache_write_5m: minutes, cache_write_1h: hour, searches };
  },
};

function areCachesBeside(usage: UsageFields, caches: number): boolean {
  const said = usage.first('prompt_tokens') + usage.first('completion_tokens');
  return usage.count('total_tokens') === said + caches;
}

// Without a total nothing says whether the caches are inside.
function isChatWithCacheCounts(raw: RawUsage): boolean {
  const has = (name: string) => Object.hasOwn(raw, name);
  const hasCounts = has('cache_read_input_tokens') || has('cache_creation_input_tokens');
  return hasCounts && has('prompt_tokens') && has('total_tokens');
}
