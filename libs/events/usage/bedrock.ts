import { anthropic, foldMessages } from './anthropic.js';
import { readOpenai } from './openai-responses.js';
import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';
import { addedUp, laidOver } from './overlay.js';
import type { RawUsage, UsageFormat } from './usage-format.js';

/**
 * Converse, its invocation metrics, Titan and Llama: `inputTokens` excludes cached and written tokens, `totalTokens` includes
 * them (3 + 1712 + 236 + 121 = 2072). Models invoked directly answer in their makers' shapes.
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
    'prompt_token_count',
    'generation_token_count',
  ],
  read(usage) {
    if (bedrock.marks.some((mark) => usage.has(mark))) return readConverse(usage);
    const isChat = usage.has('prompt_tokens') || usage.has('completion_tokens');
    const isOpenai = isChat || usage.has('input_tokens_details') || usage.has('total_tokens');
    return isOpenai ? readOpenai(usage) : anthropic.read(usage);
  },
  fold: foldStream,
};

// The maker's own usage, where a stream has both sides of it, says more than the metrics that Bedrock puts at the end. An
// agent's stream has one Converse object for each call that it made: those are added up.
function foldStream(chunks: readonly RawUsage[]): RawUsage {
  const calls = chunks.filter((chunk) => has(chunk, 'inputTokens', 'outputTokens'));
  const others = chunks.filter((chunk) => !calls.includes(chunk));
  const makers = foldMessages(
    others.filter((chunk) => has(chunk, 'input_tokens', 'output_tokens')),
  );
  if (has(makers, 'input_tokens') && has(makers, 'output_tokens')) return makers;
  return laidOver(calls.length === 0 ? others : [...others, addedUp(calls)]);
}

function has(chunk: RawUsage, ...names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(chunk, name));
}

function readConverse(usage: UsageFields): Quantities {
  const input = usage.first(
    'inputTokens',
    'inputTokenCount',
    'inputTextTokenCount',
    'prompt_token_count',
  );
  const cached = usage.first('cacheReadInputTokens', 'cacheReadInputTokenCount');
  const writes = usage.parts('cacheDetails');
  const hour = inputOf(writes.filter((write) => write.text('ttl') === '1h'));
  const written =
    usage.first('cacheWriteInputTokens', 'cacheWriteInputTokenCount') || inputOf(writes);
  const output = outputOf(usage);
  usage.total('totalTokens', input + cached + written + output);
  return {
    input,
    cached_input: cached,
    cache_write_5m: usage.rest('cacheWriteInputTokens', written, hour),
    cache_write_1h: hour,
    output,
  };
}

function inputOf(parts: readonly UsageFields[]): number {
  return parts.reduce((total, write) => total + write.first('inputTokens'), 0);
}

function outputOf(usage: UsageFields): number {
  const names = ['outputTokens', 'outputTokenCount', 'totalOutputTextTokenCount'];
  const said = usage.first(...names, 'generation_token_count');
  if (said > 0 || names.some((name) => usage.has(name))) return said;
  // Titan's whole answer counts each of its results.
  return usage.parts('results').reduce((total, result) => total + result.first('tokenCount'), 0);
}
