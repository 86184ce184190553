import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/**
 * The chat shape leaves reasoning out of `completion_tokens`, though not out of `total_tokens`: 12 prompt, 1 completion and
 * 228 reasoning make 241. The responses shape includes it, as OpenAI's does.
 */
export const xai: UsageFormat = {
  name: 'xai',
  marks: ['num_sources_used', 'cost_in_usd_ticks', 'num_server_side_tools_used'],
  read: (usage) => readOpenai(usage, { isReasoningBeside: true }),
};
