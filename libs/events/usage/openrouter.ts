import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** OpenAI's shapes with what OpenRouter charged, which is never ours to trust. */
export const openrouter: UsageFormat = {
  name: 'openrouter',
  marks: ['is_byok', 'cost_details'],
  read: (usage) => ({
    ...readOpenai(usage),
    searches: usage.part('server_tool_use').first('web_search_requests'),
  }),
};
