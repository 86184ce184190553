import type { Quantities } from '../quantities.js';
import { readUsageStream } from './usage-stream.js';

/** Pools that are not zero, or `reason pointer`. */
function read(chunks: readonly unknown[], format: string | null = null): Quantities | string {
  const result = readUsageStream(chunks, format);
  if ('fault' in result) return `${result.fault.reason} ${result.fault.pointer}`.trim();
  return Object.fromEntries(Object.entries(result.quantities).filter(([, units]) => units !== 0));
}

const chat = (prompt: number, completion: number, more: object = {}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  ...more,
});
const metrics = { inputTokenCount: 16, outputTokenCount: 21, invocationLatency: 738 };
const start = (input: number, more: object = {}) => ({
  input_tokens: input,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 1,
  ...more,
});
const lives = (minutes: number, hour: number) => ({
  cache_creation_input_tokens: minutes + hour,
  cache_creation: { ephemeral_5m_input_tokens: minutes, ephemeral_1h_input_tokens: hour },
});
const gemini = (prompt: number, written: number, thoughts: number) => ({
  promptTokenCount: prompt,
  candidatesTokenCount: written,
  thoughtsTokenCount: thoughts,
  totalTokenCount: prompt + written + thoughts,
});
const groq = chat(17, 1107, { queue_time: 0.17 });

describe('usage stream', () => {
  it.each<[string, string | null, readonly unknown[], Quantities | string]>([
    // case, format, chunks, pools or refusal
    ['running totals', 'vllm', [chat(9, 1), chat(9, 2), chat(9, 3)], { input: 9, output: 3 }],
    ['only a last chunk', null, [null, null, chat(9, 3)], { input: 9, output: 3 }],
    ['one chunk', 'openai_chat', [chat(9, 3)], { input: 9, output: 3 }],
    ['itself twice', null, [{ id: 'req_1', usage: groq }, groq], { input: 17, output: 1107 }],
    [
      'x_groq alone',
      'groq',
      [{ x_groq: { id: 'req_1', usage: groq } }],
      { input: 17, output: 1107 },
    ],
    ['a start and a delta', null, [start(17), { output_tokens: 82 }], { input: 17, output: 82 }],
    [
      'a delta that raises the input',
      'anthropic',
      [
        start(2037),
        { ...start(15665), output_tokens: 795, server_tool_use: { web_search_requests: 1 } },
      ],
      { input: 15665, output: 795, searches: 1 },
    ],
    [
      'cache writes that rise, of five minutes',
      'anthropic',
      [start(2, lives(3068, 0)), { output_tokens: 9, cache_creation_input_tokens: 3337 }],
      { input: 2, cache_write_5m: 3337, output: 9 },
    ],
    [
      'cache writes that rise, of one hour',
      'anthropic',
      [start(2, lives(0, 3068)), { output_tokens: 9, cache_creation_input_tokens: 3337 }],
      { input: 2, cache_write_1h: 3337, output: 9 },
    ],
    [
      'a prompt that falls',
      null,
      [{ promptTokenCount: 15, totalTokenCount: 15 }, gemini(13, 8, 0)],
      { input: 13, output: 8 },
    ],
    [
      'totals that only grow',
      'gemini',
      [gemini(32, 22, 240), gemini(32, 477, 240)],
      { input: 32, output: 477, reasoning: 240 },
    ],
    [
      "the maker's totals and Bedrock's metrics",
      'bedrock',
      [{ input_tokens: 16, output_tokens: 1 }, { output_tokens: 21 }, metrics],
      { input: 16, output: 21 },
    ],
    [
      'Titan and its metrics',
      null,
      [{ inputTextTokenCount: 16, results: [] }, metrics],
      { input: 16, output: 21 },
    ],
    [
      "an agent's calls, added up",
      'bedrock',
      [
        { inputTokens: 338, outputTokens: 86 },
        { inputTokens: 379, outputTokens: 84 },
      ],
      { input: 717, output: 170 },
    ],
    [
      'Converse and its metrics',
      'bedrock',
      [{ inputTokens: 16, outputTokens: 21 }, metrics],
      { input: 16, output: 21 },
    ],
    ['chunks out of order', 'vllm', [chat(9, 3), chat(9, 1)], 'ambiguous_usage /0'],
    [
      'two answers',
      'anthropic',
      [start(17), { output_tokens: 82 }, start(2)],
      'ambiguous_usage /0',
    ],
    [
      'metrics above the totals',
      'bedrock',
      [start(1), { output_tokens: 2 }, metrics],
      'ambiguous_usage /2',
    ],
    [
      'a total of an earlier chunk',
      'openai_chat',
      [chat(9, 1), { completion_tokens: 3 }],
      { input: 9, output: 3 },
    ],
    [
      'a wrong total at the end',
      'openai_chat',
      [chat(9, 1, { total_tokens: 11 })],
      'quantities_do_not_add_up /total_tokens',
    ],
    ['nothing', 'openai_chat', [], 'no_usage'],
    ['only nulls', null, [null, null], 'no_usage'],
    ['a number', null, [chat(1, 1), 7], 'invalid_value /1'],
    ['an array', null, [[chat(1, 1)]], 'invalid_value /0'],
    [
      'no telling shape',
      null,
      [{ input_tokens: 1, output_tokens: 1 }, { output_tokens: 2 }],
      'ambiguous_usage',
    ],
    [
      'an inherited name',
      null,
      [JSON.parse('{"__proto__":{"prompt_tokens":1}}')],
      'unknown_usage_format',
    ],
  ])('with %s', (_case, format, chunks, expected) => {
    expect(read(chunks, format)).toEqual(expected);
  });

  it('is the same however often its last chunk is repeated', () => {
    const chunks = [chat(9, 1), chat(9, 2), chat(9, 2), chat(9, 2)];
    expect(read(chunks, 'sglang')).toEqual({ input: 9, output: 2 });
  });
});
