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
