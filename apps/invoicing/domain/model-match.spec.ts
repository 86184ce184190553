import { matchModel } from './model-match.js';

describe('a model among those of another provider', () => {
  it.each([
    // own, theirs, match
    ['llama-3.3-70b-versatile', 'groq/llama-3.3-70b-versatile', 'exact'],
    ['openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b', 'exact'],
    ['openai/gpt-oss-120b', 'fireworks_ai/accounts/fireworks/models/gpt-oss-120b', 'exact'],
    ['openai/gpt-oss-120b', 'openai.gpt-oss-120b-1:0', 'exact'],
    ['qwen/qwen3-32b', 'deepinfra/Qwen/Qwen3-32B', 'exact'],
    ['gpt-4o', 'openai/gpt-4o', 'exact'],
    ['llama-3.3-70b-versatile', 'together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo', 'alias'],
    [
      'llama-3.3-70b-versatile',
      'fireworks_ai/accounts/fireworks/models/llama-v3p3-70b-instruct',
      'alias',
    ],
    ['llama-3.3-70b-versatile', 'meta.llama3-3-70b-instruct-v1:0', 'alias'],
    ['llama-3.3-70b-versatile', 'cloudflare/@cf/meta/llama-3.3-70b-instruct-fp8-fast', 'alias'],
    ['llama-3.3-70b-versatile', 'databricks/databricks-meta-llama-3-3-70b-instruct', 'alias'],
    ['llama-3.1-8b-instant', 'cerebras/llama3.1-8b', 'alias'],
    ['qwen/qwen3-32b', 'qwen.qwen3-32b-v1:0', 'exact'],
    ['moonshotai/kimi-k2-instruct', 'moonshot/kimi-k2', 'alias'],
    ['llama-3.3-70b-versatile', 'x/llama-3.1-70b-instruct', 'family'],
    ['moonshotai/kimi-k2-instruct-0905', 'x/kimi-k2-instruct', 'family'],
    ['claude-3-5-sonnet', 'claude-sonnet-4', 'family'],
    ['gpt-3.5-turbo', 'gpt-3.5', undefined],
    ['gpt-4', 'gpt-4o', undefined],
    ['llama-3.1-8b-instant', 'x/llama-3.1-70b-instruct', undefined],
    ['moonshotai/kimi-k2-instruct', 'x/kimi-k2.5', undefined],
    ['deepseek-r1-distill-llama-70b', 'x/llama-3.3-70b', undefined],
    ['llama-guard-4-12b', 'x/llama-4-12b', undefined],
  ])('%s is %s: %s', (own, theirs, match) => {
    expect(matchModel(own, [theirs])).toEqual(match && { name: theirs, match });
  });

  it('is the surest, then the nearest version, then the plainest name, in any order', () => {
    const names = [
      'x/llama-3.1-70b-instruct',
      'x/llama-2-70b-chat',
      'x/Llama-3.3-70B-Instruct-Turbo',
      'x/Llama-3.3-70B-Instruct',
      'x/llama-3.3-70b-versatile',
    ];
    const own = 'llama-3.3-70b-versatile';
    const found = [5, 4, 3, 2, 1, 0].map((count) => matchModel(own, names.slice(0, count))?.name);
    expect(found).toEqual([
      'x/llama-3.3-70b-versatile',
      'x/Llama-3.3-70B-Instruct',
      'x/Llama-3.3-70B-Instruct-Turbo',
      'x/llama-3.1-70b-instruct',
      'x/llama-3.1-70b-instruct',
      undefined,
    ]);
    expect(matchModel(own, names.toReversed())).toEqual(matchModel(own, names));
  });
});
