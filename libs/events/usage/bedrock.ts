import { anthropic } from './anthropic.js';
import { readOpenai } from './openai-responses.js';
import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * Converse, its invocation metrics and Titan: `inputTokens` excludes cached and written tokens, `totalTokens` includes them
 * (3 + 1712 + 236 + 121 = 2072). Models invoked directly answer in their makers' shapes.
 */
export const bedrock: UsageFormat = {
  name: 'bedrock',
  marks: [
    'inputTokens',
    'outputTokens',
    'inputTokenCount',
    'outputTokenCount',
    'inputTextTokenCount',
    'totalOutputTextTokenCount',
  ],
  read(usage) {
    if (bedrock.marks.some((mark) => usage.has(mark))) return readConverse(usage);
    const isChat = usage.has('prompt_tokens') || usage.has('completion_tokens');
    return isChat || usage.has('input_tokens_details') ? readOpenai(usage) : anthropic.read(usage);
  },
};

function readConverse(usage: UsageFields): Quantities {
  const input = usage.first('inputTokens', 'inputTokenCount', 'inputTextTokenCount');
  const output = usage.first('outputTokens', 'outputTokenCount', 'totalOutputTextTokenCount');
  const cached = usage.first('cacheReadInputTokens', 'cacheReadInputTokenCount');
  const written = usage.first('cacheWriteInputTokens', 'cacheWriteInputTokenCount');
  const hour = usage
    .parts('cacheDetails')
    .filter((write) => write.text('ttl') === '1h')
    .reduce((sum, write) => sum + write.first('inputTokens'), 0);
  usage.total('totalTokens', input + cached + written + output);
  return {
    input,
    cached_input: cached,
    cache_write_5m: usage.rest('cacheWriteInputTokens', written, hour),
    cache_write_1h: hour,
    output,
  };
}
