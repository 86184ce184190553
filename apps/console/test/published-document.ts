// A small published document for the specs: two models on offer, one that is gone, three tiers.
import type { Published } from '../domain/published.js';

export function publishedDocument(): Published {
  const facts = { title: null, context_window: 131_072n, max_output_tokens: 32_768n };
  return {
    version: 'spec-1',
    effective_from: '2026-08-01T00:00:00Z',
    currency: 'USD',
    limit_windows: { requests_per_minute: 60n, tokens_per_minute: 60n, tokens_per_day: 86_400n },
    models: {
      small: {
        ...facts,
        status: 'production',
        prices: {
          on_demand: { input: '0.05', cached_input: '0.025', output: '0.08', reasoning: '0.08' },
          batch: { input: '0.025', cached_input: '0.0125', output: '0.04', reasoning: '0.04' },
        },
        adapters: { lora: { on_demand: { input: '0.07', cached_input: '0.07', output: '0.112' } } },
      },
      large: {
        ...facts,
        status: 'preview',
        prices: { on_demand: { input: '0.59', output: '0.79' } },
        adapters: { lora: { input: '0.9', output: '1.2' } },
      },
      old: {
        ...facts,
        status: 'retired by 2026-06',
        prices: { on_demand: { input: '1', output: '1' } },
        adapters: {},
      },
    },
    tiers: {
      free: {
        title: 'Free',
        monthly_fee: '0',
        usage: 'free',
        features: ['community_support', 'playground'],
        limits: { small: { requests_per_minute: 30n, tokens_per_minute: 6_000n } },
        prices: {},
      },
      developer: {
        title: 'Developer',
        monthly_fee: '0',
        usage: 'metered',
        features: ['chat_support', 'playground', 'batch'],
        limits: { small: { requests_per_minute: 1_000n, tokens_per_minute: 250_000n } },
        prices: {},
      },
      enterprise: {
        title: 'Enterprise',
        monthly_fee: null,
        usage: 'contract',
        features: ['dedicated_support', 'playground', 'batch'],
        limits: {},
        prices: {
          small: {
            prices: {},
            adapters: { lora: { on_demand: { input: '0.05', output: '0.08' } } },
          },
        },
      },
    },
    versions: [{ version: 'spec-1', effective_from: '2026-08-01T00:00:00Z' }],
  };
}
