import { importLitellm } from './litellm.js';

const chat = { litellm_provider: 'openai', mode: 'chat' };
const one = (entry: object, options = {}) => importLitellm({ m: entry }, options);
const price = (femtoPerUnit: bigint, ...aboveContext: [number, bigint][]) => ({
  femtoPerUnit,
  aboveContext: aboveContext.map(([tokens, above]) => ({ tokens, femtoPerUnit: above })),
});

describe('LiteLLM price map', () => {
  it('gives rows per pool and service tier, exact to the femto', () => {
    const { models, refused, leftOut } = importLitellm(
      {
        'gpt-x': {
          ...chat,
          input_cost_per_token: 2.5e-6,
          output_cost_per_token: 1e-5,
          cache_read_input_token_cost: 1.25e-6,
          input_cost_per_token_batches: 1.25e-6,
          output_cost_per_token_batches: '0.000005',
          output_cost_per_token_priority: 1.7e-5,
          max_input_tokens: 128_000,
          max_output_tokens: '16384',
        },
      },
      { asOf: '2026-08-06' },
    );
    expect([refused, leftOut]).toEqual([[], []]);
    expect(models).toEqual([
      {
        provider: 'openai',
        model: 'gpt-x',
        source: 'LiteLLM price map',
        asOf: '2026-08-06',
        contextWindow: 128_000,
        maxOutputTokens: 16_384,
        prices: {
          on_demand: {
            input: price(2_500_000_000n),
            cached_input: price(1_250_000_000n),
            output: price(10_000_000_000n),
            reasoning: price(10_000_000_000n),
          },
          batch: {
            input: price(1_250_000_000n),
            cached_input: price(1_250_000_000n),
            output: price(5_000_000_000n),
            reasoning: price(5_000_000_000n),
          },
          performance: { output: price(17_000_000_000n), reasoning: price(17_000_000_000n) },
        },
      },
    ]);
  });

  it('reads prices by the length of the input, whichever way they are written', () => {
    const [suffixed] = one({
      ...chat,
      input_cost_per_token: 1e-6,
      input_cost_per_token_above_200k_tokens: 2e-6,
      input_cost_per_token_above_128k_tokens: 1.5e-6,
    }).models;
    expect(suffixed?.prices.on_demand?.input).toEqual(
      price(1_000_000_000n, [128_000, 1_500_000_000n], [200_000, 2_000_000_000n]),
    );
    const [tiered] = one({
      ...chat,
      tiered_pricing: [
        { range: [0, 32_000], input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
        { range: [32_000, 128_000], input_cost_per_token: 3e-6, output_cost_per_token: 4e-6 },
      ],
    }).models;
    expect(tiered?.prices.on_demand?.output).toEqual(
      price(2_000_000_000n, [32_000, 4_000_000_000n]),
    );
  });

  it.each([
    ['audio_transcription', { input_cost_per_second: 0.0001 }, 'audio_ms', 100_000_000n],
    ['audio_speech', { input_cost_per_character: 1.5e-5 }, 'characters', 15_000_000_000n],
    ['image_generation', { output_cost_per_image: 0.04 }, 'images', 40_000_000_000_000n],
    ['search', { input_cost_per_query: 0.005 }, 'searches', 5_000_000_000_000n],
    ['embedding', { input_cost_per_token: 2e-8, output_cost_per_token: 0 }, 'input', 20_000_000n],
  ] as const)('prices %s by what it is counted in', (mode, costs, quantity, femto) => {
    const [model] = one({ ...chat, mode, ...costs }).models;
    expect(model?.prices.on_demand?.[quantity]).toEqual(price(femto));
  });

  it.each([
    [{ mode: 'chat', input_cost_per_token: 1e-6 }, 'has no litellm_provider'],
    [chat, 'has no prices'],
    [{ ...chat, input_cost_per_token: 0, output_cost_per_token: 0 }, 'every price is 0'],
    [{ ...chat, input_cost_per_token: -1e-6 }, '-0.000001 is below zero'],
    [{ ...chat, input_cost_per_token: 'n/a' }, '"n/a" is not a number'],
    [{ ...chat, input_cost_per_token: 1e-16 }, '1e-16 is finer than 10^-15'],
    [{ ...chat, input_cost_per_token: 1e-6, input_cost_per_request: 0.005 }, 'a price per request'],
    [{ ...chat, mode: 'ocr', ocr_cost_per_page: 0.001 }, 'does not count: ocr_cost_per_page'],
    [{ ...chat, tiered_pricing: [{ max_results_range: [0, 25] }] }, 'something else than tokens'],
    ['a line', 'is not an object'],
  ])('refuses %j: %s', (entry, reason) => {
    const { models, refused } = importLitellm({ m: entry });
    expect(models).toEqual([]);
    expect(refused).toEqual([{ entry: 'm', reason: expect.stringContaining(reason) as string }]);
  });

  it('takes free models when it is told to', () => {
    const free = { ...chat, input_cost_per_token: 0, output_cost_per_token: 0 };
    expect(one(free, { takeFree: true }).models).toHaveLength(1);
  });

  it('says which prices of a taken entry it left out', () => {
    const { models, leftOut } = one({
      ...chat,
      input_cost_per_token: 1e-6,
      input_cost_per_image: 0.001,
      cache_creation_input_token_cost_above_200k_tokens: 1e-6,
      search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_high: 1 },
    });
    expect(models).toHaveLength(1);
    expect(leftOut.map(({ field }) => field)).toEqual([
      'input_cost_per_image',
      'search_context_cost_per_query',
      'on_demand cache_write_5m',
    ]);
  });

  it('is refused as a whole when it is no map', () => {
    expect(() => importLitellm([])).toThrow('is not an object');
  });
});
