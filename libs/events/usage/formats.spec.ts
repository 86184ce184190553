// A table of every convention's cases: longer than 300 lines so that all of them are found in one place.
import type { Quantities } from '../quantities.js';
import { readUsage } from './formats.js';

/** Pools that are not zero, or `reason pointer`. */
function read(usage: object, format: string | null = null): Quantities | string {
  const result = readUsage(usage as Record<string, unknown>, format);
  if ('fault' in result) return `${result.fault.reason} ${result.fault.pointer}`.trim();
  return Object.fromEntries(Object.entries(result.quantities).filter(([, units]) => units !== 0));
}

const chat = (prompt: number, completion: number, more: object = {}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  ...more,
});

const responses = (input: number, output: number, more: object = {}) => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
  ...more,
});

describe('OpenAI chat usage', () => {
  it.each<[string, object, Quantities | string]>([
    ['plain', chat(15, 19), { input: 15, output: 19 }],
    ['an embedding', { prompt_tokens: 3, total_tokens: 3 }, { input: 3 }],
    [
      'cached input and reasoning out of their totals',
      chat(812, 208, {
        prompt_tokens_details: { cached_tokens: 512 },
        completion_tokens_details: { reasoning_tokens: 28, rejected_prediction_tokens: 9 },
      }),
      { input: 300, cached_input: 512, output: 180, reasoning: 28 },
    ],
    [
      'cache writes out of the input',
      chat(4020, 4, { prompt_tokens_details: { cache_write_tokens: 4012, cached_tokens: 0 } }),
      { input: 8, cache_write_5m: 4012, output: 4 },
    ],
    [
      'audio and images beside text',
      chat(100, 50, {
        prompt_tokens_details: { audio_tokens: 30, image_tokens: 20, text_tokens: 50 },
        completion_tokens_details: { audio_tokens: 40 },
      }),
      { input: 50, audio_input: 30, image_input: 20, output: 10, audio_output: 40 },
    ],
    [
      'a cached audio token as cached only',
      chat(100, 0, { prompt_tokens_details: { audio_tokens: 30, cached_tokens: 90 } }),
      { cached_input: 90, audio_input: 10 },
    ],
    [
      'the Assistants spelling',
      chat(10, 1, { prompt_token_details: { cached_tokens: 4 } }),
      { input: 6, cached_input: 4, output: 1 },
    ],
    ['null details', chat(9, 1, { prompt_tokens_details: null }), { input: 9, output: 1 }],
    ['a wrong total', { ...chat(1, 2), total_tokens: 4 }, 'quantities_do_not_add_up /total_tokens'],
    [
      'more cached than there was',
      chat(5, 1, { prompt_tokens_details: { cached_tokens: 6 } }),
      'quantities_do_not_add_up /prompt_tokens',
    ],
    [
      'more reasoning than there was',
      chat(5, 1, { completion_tokens_details: { reasoning_tokens: 2 } }),
      'quantities_do_not_add_up /completion_tokens',
    ],
    [
      'a negative part',
      chat(5, 1, { prompt_tokens_details: { cached_tokens: -1 } }),
      'invalid_quantity /prompt_tokens_details/cached_tokens',
    ],
    ['a text', { prompt_tokens: '5' }, 'invalid_quantity /prompt_tokens'],
    [
      'details that are no object',
      chat(5, 1, { prompt_tokens_details: 7 }),
      'invalid_value /prompt_tokens_details',
    ],
  ])('with %s', (_case, usage, expected) => {
    expect(read(usage, 'openai_chat')).toEqual(expected);
    expect(read(usage)).toEqual(expected);
  });
});

describe("usage in OpenAI's chat shape by others", () => {
  const reasoning = { completion_tokens_details: { reasoning_tokens: 228 } };

  it.each<[string, string | null, object, Quantities | string]>([
    [
      'reasoning beside',
      'xai',
      { ...chat(12, 1, reasoning), total_tokens: 241 },
      { input: 12, output: 1, reasoning: 228 },
    ],
    [
      'reasoning beside, untold',
      null,
      { ...chat(12, 1, reasoning), total_tokens: 241 },
      { input: 12, output: 1, reasoning: 228 },
    ],
    [
      'reasoning beside and no total',
      'xai',
      { prompt_tokens: 12, completion_tokens: 1, ...reasoning },
      { input: 12, output: 1, reasoning: 228 },
    ],
    [
      'reasoning inside',
      'xai',
      chat(12, 300, reasoning),
      { input: 12, output: 72, reasoning: 228 },
    ],
    [
      'reasoning at the top',
      'sglang',
      chat(5, 30, { reasoning_tokens: 20 }),
      { input: 5, output: 10, reasoning: 20 },
    ],
    [
      'cached ones at the top',
      'together',
      chat(5, 3, { cached_tokens: 4 }),
      { input: 1, cached_input: 4, output: 3 },
    ],
    [
      'hits and misses',
      null,
      chat(9, 3, { prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 5 }),
      { input: 5, cached_input: 4, output: 3 },
    ],
    [
      'hits and misses that are not the prompt',
      null,
      chat(9, 3, { prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 4 }),
      'quantities_do_not_add_up /prompt_tokens',
    ],
    [
      'audio seconds',
      null,
      chat(9, 3, { prompt_audio_seconds: 36 }),
      { input: 9, output: 3, audio_ms: 36_000 },
    ],
    [
      "the engine's own cached ones",
      null,
      chat(70, 12, { num_cached_tokens: 69 }),
      { input: 70, output: 12 },
    ],
    [
      'cached ones by the vendor',
      'mistral',
      chat(70, 12, { prompt_tokens_details: { cached_tokens: 64 } }),
      { input: 6, cached_input: 64, output: 12 },
    ],
    [
      "Anthropic's caches inside",
      null,
      chat(30, 5, { cache_read_input_tokens: 20 }),
      { input: 10, cached_input: 20, output: 5 },
    ],
    [
      "Anthropic's caches beside",
      null,
      { ...chat(10, 5, { cache_read_input_tokens: 20 }), total_tokens: 35 },
      { input: 10, cached_input: 20, output: 5 },
    ],
    [
      "Anthropic's caches of one hour",
      'litellm',
      chat(30, 5, {
        cache_creation_input_tokens: 20,
        prompt_tokens_details: { cache_creation_token_details: { ephemeral_1h_input_tokens: 15 } },
      }),
      { input: 10, cache_write_5m: 5, cache_write_1h: 15, output: 5 },
    ],
    ['a total alone', 'openai_chat', { total_tokens: 57 }, { input: 57 }],
    ['a total alone, untold', null, { total_tokens: 57 }, 'ambiguous_usage'],
    [
      'a total beside what is not known',
      'openai_chat',
      { total_tokens: 57, spent: 3 },
      'quantities_do_not_add_up /total_tokens',
    ],
  ])('with %s', (_case, format, usage, expected) => {
    expect(read(usage, format)).toEqual(expected);
  });
});

describe("Cohere's usage", () => {
  const tokens = { input_tokens: 2935, output_tokens: 4 };

  it.each<[string, object, Quantities | string]>([
    [
      'billed units',
      { billed_units: { input_tokens: 2406, output_tokens: 2 }, cached_tokens: 2928, tokens },
      { input: 2406, output: 2 },
    ],
    ['tokens alone', { cached_tokens: 2928, tokens }, { input: 7, cached_input: 2928, output: 4 }],
    ['a search', { billed_units: { search_units: 1 } }, { searches: 1 }],
    [
      'more cached than tokens',
      { cached_tokens: 2936, tokens },
      'quantities_do_not_add_up /tokens/input_tokens',
    ],
  ])('with %s', (_case, usage, expected) => {
    expect(read(usage, 'cohere')).toEqual(expected);
  });
});

describe("Gemini's usage", () => {
  const prompt = (tokens: number, parts: object[]) => ({
    promptTokenCount: tokens,
    totalTokenCount: tokens,
    promptTokensDetails: parts,
  });
  const part = (modality: unknown, tokenCount: number) => ({ modality, tokenCount });

  it.each<[string, object, Quantities | string]>([
    [
      'thoughts and tools beside',
      {
        promptTokenCount: 1,
        candidatesTokenCount: 2,
        thoughtsTokenCount: 3,
        toolUsePromptTokenCount: 4,
        totalTokenCount: 10,
      },
      { input: 5, output: 2, reasoning: 3 },
    ],
    [
      'a cache by modality',
      {
        ...prompt(10, [part('TEXT', 4), part('AUDIO', 6)]),
        cachedContentTokenCount: 5,
        cacheTokensDetails: [part('AUDIO', 5)],
      },
      { input: 4, cached_input: 5, audio_input: 1 },
    ],
    [
      'a cache of no told modality',
      { ...prompt(10, [part('TEXT', 4), part('AUDIO', 6)]), cachedContentTokenCount: 5 },
      { cached_input: 5, audio_input: 5 },
    ],
    [
      'a document, read as images',
      prompt(10, [part('TEXT', 1), part('DOCUMENT', 9)]),
      { input: 1, image_input: 9 },
    ],
    [
      'modalities as numbers',
      prompt(10, [part(1, 1), part(2, 2), part(3, 3), part(4, 4)]),
      { input: 1, image_input: 2, video_input: 3, audio_input: 4 },
    ],
    [
      'an image written',
      {
        promptTokenCount: 1,
        candidatesTokenCount: 9,
        totalTokenCount: 10,
        candidatesTokensDetails: [part('IMAGE', 8)],
      },
      { input: 1, output: 1, image_output: 8 },
    ],
    [
      "a tool's picture",
      {
        promptTokenCount: 1,
        toolUsePromptTokenCount: 9,
        totalTokenCount: 10,
        toolUsePromptTokensDetails: [part('IMAGE', 8)],
      },
      { input: 2, image_input: 8 },
    ],
    [
      'the Interactions spelling',
      {
        total_input_tokens: 22,
        total_output_tokens: 5,
        total_thought_tokens: 3,
        total_tool_use_tokens: 10,
        total_tokens: 40,
      },
      { input: 32, output: 5, reasoning: 3 },
    ],
    ['the size of a cached content', { totalTokenCount: 1090 }, { input: 1090 }],
    [
      'modalities above the prompt',
      prompt(25, [part('TEXT', 608), part('AUDIO', 25)]),
      'quantities_do_not_add_up /promptTokenCount',
    ],
  ])('with %s', (_case, usage, expected) => {
    expect(read(usage, 'gemini')).toEqual(expected);
    expect(read(usage)).toEqual(expected);
  });
});

describe("Bedrock's usage", () => {
  it.each<[string, object, Quantities | string]>([
    [
      'cache writes of both lives',
      {
        inputTokens: 3,
        outputTokens: 121,
        cacheReadInputTokens: 1712,
        cacheWriteInputTokens: 236,
        cacheDetails: [
          { inputTokens: 36, ttl: '5m' },
          { inputTokens: 200, ttl: '1h' },
        ],
        totalTokens: 2072,
      },
      { input: 3, cached_input: 1712, cache_write_5m: 36, cache_write_1h: 200, output: 121 },
    ],
    [
      'a total that leaves the cache out',
      { inputTokens: 3, outputTokens: 1, cacheReadInputTokens: 9, totalTokens: 4 },
      'quantities_do_not_add_up /totalTokens',
    ],
    [
      "Titan's results",
      { inputTextTokenCount: 5, results: [{ tokenCount: 61 }, { tokenCount: 2 }] },
      { input: 5, output: 63 },
    ],
    ['Llama', { prompt_token_count: 5, generation_token_count: 7 }, { input: 5, output: 7 }],
    ["Anthropic's shape", { input_tokens: 37, output_tokens: 8 }, { input: 37, output: 8 }],
    [
      "OpenAI's shape",
      {
        input_tokens: 142,
        input_tokens_details: { cache_write_tokens: 27 },
        output_tokens: 33,
        total_tokens: 175,
      },
      { input: 115, cache_write_5m: 27, output: 33 },
    ],
  ])('with %s', (_case, usage, expected) => {
    expect(read(usage, 'bedrock')).toEqual(expected);
  });
});

describe('usage of the remaining conventions', () => {
  it.each<[string, object, Quantities | string]>([
    [
      'ollama',
      { prompt_eval_count: 17, eval_count: 50, total_duration: 1897385625 },
      { input: 17, output: 50 },
    ],
    ['tgi', { generated_tokens: 17, prefill: [{ id: 1 }, { id: 2 }] }, { input: 2, output: 17 }],
    ['tgi', { generated_tokens: 17, input_length: 5 }, { input: 5, output: 17 }],
    [
      'otel_genai',
      {
        'gen_ai.usage.input_tokens': 9,
        'gen_ai.usage.output_tokens': 5,
        'gen_ai.usage.cache_read.input_tokens': 4,
        'gen_ai.usage.reasoning.output_tokens': 2,
      },
      { input: 5, cached_input: 4, output: 3, reasoning: 2 },
    ],
    [
      'otel_genai',
      { 'gen_ai.usage.prompt_tokens': 9, 'gen_ai.usage.completion_tokens': 5 },
      { input: 9, output: 5 },
    ],
    [
      'openrouter',
      chat(9, 1, { cost: 0.1, cost_details: {}, server_tool_use: { web_search_requests: 2 } }),
      { input: 9, output: 1, searches: 2 },
    ],
    ['openai_responses', { type: 'duration', seconds: 9.5 }, { audio_ms: 9_500 }],
    [
      'groq',
      { ...chat(1, 1), usage_breakdown: { models: [{ model: 'a' }, { model: 'b' }] } },
      'ambiguous_usage /usage_breakdown',
    ],
  ])('%s', (format, usage, expected) => {
    expect(read(usage, format)).toEqual(expected);
    expect(read(usage)).toEqual(expected);
  });

  it('is refused when its pools come to more than 2^53-1', () => {
    const half = { type: 'compaction', input_tokens: Number.MAX_SAFE_INTEGER };
    const usage = { input_tokens: 0, cache_read_input_tokens: 0, iterations: [half, half] };
    expect(read(usage, 'anthropic')).toBe('invalid_quantity');
  });
});

describe('OpenAI responses usage', () => {
  it.each<[string, object, Quantities | string]>([
    [
      'cached input inside its total',
      responses(1493, 125, {
        input_tokens_details: { cached_tokens: 1280 },
        output_tokens_details: { reasoning_tokens: 64 },
      }),
      { input: 213, cached_input: 1280, output: 61, reasoning: 64 },
    ],
    ['no details', responses(10, 2), { input: 10, output: 2 }],
    [
      'a transcription',
      responses(14, 45, { input_token_details: { text_tokens: 0, audio_tokens: 14 } }),
      { audio_input: 14, output: 45 },
    ],
    [
      'a cache by modality',
      responses(132, 121, {
        input_token_details: {
          text_tokens: 32,
          audio_tokens: 100,
          cached_tokens: 64,
          cached_tokens_details: { text_tokens: 4, audio_tokens: 60 },
        },
        output_token_details: { text_tokens: 30, audio_tokens: 91 },
      }),
      { input: 28, cached_input: 64, audio_input: 40, output: 30, audio_output: 91 },
    ],
    [
      'a wrong total',
      { ...responses(10, 2), total_tokens: 13 },
      'quantities_do_not_add_up /total_tokens',
    ],
  ])('with %s', (_case, usage, expected) => {
    expect(read(usage, 'openai_responses')).toEqual(expected);
    expect(read(usage)).toEqual(expected);
  });
});

describe('Groq usage', () => {
  const usage = chat(45, 662, { queue_time: 0.04, prompt_time: 0.003, total_time: 2.6 });

  it.each<[string, object, Quantities | string]>([
    ['timings', usage, { input: 45, output: 662 }],
    ['x_groq around it', { x_groq: { id: 'req_1', usage } }, { input: 45, output: 662 }],
    [
      'itself twice',
      { ...usage, x_groq: { usage: { ...usage, dram_cached_tokens: 7 } } },
      { input: 45, output: 662 },
    ],
    [
      'another count in x_groq',
      { ...usage, x_groq: { usage: chat(46, 662) } },
      'quantities_do_not_add_up /prompt_tokens',
    ],
    [
      'cached input',
      { ...usage, prompt_tokens_details: { cached_tokens: 40 } },
      { input: 5, cached_input: 40, output: 662 },
    ],
  ])('with %s', (_case, object, expected) => {
    expect(read(object, 'groq')).toEqual(expected);
    expect(read(object)).toEqual(expected);
  });

  it('is read out of x_groq alone when it is named', () => {
    expect(read({ id: 'req_1', usage }, 'groq')).toEqual({ input: 45, output: 662 });
  });
});

describe('Anthropic usage', () => {
  const zero = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

  it.each<[string, object, Quantities | string]>([
    [
      'cached input beside its input',
      {
        input_tokens: 6,
        cache_creation_input_tokens: 85,
        cache_read_input_tokens: 1069,
        output_tokens: 110,
      },
      { input: 6, cache_write_5m: 85, cached_input: 1069, output: 110 },
    ],
    [
      'cache writes of both lives',
      {
        input_tokens: 1,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 2,
      },
      { input: 1, cache_write_5m: 10, cache_write_1h: 20, output: 2 },
    ],
    [
      'cache writes that do not add up',
      {
        cache_creation_input_tokens: 31,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
      'quantities_do_not_add_up /cache_creation_input_tokens',
    ],
    [
      'thinking and searches',
      {
        input_tokens: 404500,
        ...zero,
        output_tokens: 943,
        output_tokens_details: { thinking_tokens: 261 },
        server_tool_use: { web_search_requests: 10 },
      },
      { input: 404500, output: 682, reasoning: 261, searches: 10 },
    ],
    [
      'a compaction that the top level leaves out',
      {
        input_tokens: 229,
        ...zero,
        output_tokens: 5,
        iterations: [
          {
            type: 'compaction',
            input_tokens: 100,
            cache_creation_input_tokens: 55096,
            output_tokens: 131,
          },
          { type: 'message', input_tokens: 229, output_tokens: 5 },
        ],
      },
      { input: 329, cache_write_5m: 55096, output: 136 },
    ],
    [
      'iterations of another model',
      {
        input_tokens: 1,
        ...zero,
        output_tokens: 1,
        iterations: [
          { type: 'message', input_tokens: 1, output_tokens: 1 },
          { type: 'advisor_message', model: 'm-2', input_tokens: 9, output_tokens: 9 },
        ],
      },
      'ambiguous_usage /iterations/1/model',
    ],
    [
      'iterations that are not the top level',
      {
        input_tokens: 2,
        ...zero,
        output_tokens: 1,
        iterations: [{ type: 'message', input_tokens: 1, output_tokens: 1 }],
      },
      'quantities_do_not_add_up /input_tokens',
    ],
  ])('with %s', (_case, usage, expected) => {
    expect(read(usage, 'anthropic')).toEqual(expected);
    expect(read(usage)).toEqual(expected);
  });

  it('has only output in the delta of a stream, when it is named', () => {
    expect(read({ output_tokens: 65 }, 'anthropic')).toEqual({ output: 65 });
  });
});

describe('usage format', () => {
  it.each<[string, object, string]>([
    ['input_tokens alone', { input_tokens: 1, output_tokens: 2 }, 'ambiguous_usage'],
    ['marks of two', { cache_read_input_tokens: 1, prompt_tokens: 1 }, 'ambiguous_usage'],
    ['nothing known', { spent: 1 }, 'unknown_usage_format'],
    ['an inherited name', JSON.parse('{"__proto__":{"prompt_tokens":1}}'), 'unknown_usage_format'],
    ['nothing', {}, 'no_usage'],
  ])('is not told from %s', (_case, usage, expected) => {
    expect(read(usage)).toBe(expected);
  });

  it('is refused when it is not in the list, and when none of its counts is there', () => {
    expect(read({ prompt_tokens: 1 }, 'acme')).toBe('unknown_usage_format');
    expect(read({ spent: 1 }, 'openai_chat')).toBe('no_usage');
  });
});
