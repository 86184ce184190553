import type { Quantities } from '#libs/events/quantities.js';
import type { PaidCall } from './paid-calls.js';
import { judge } from './paid-calls-score.js';

const GIGA = 10n ** 9n;
const call = (costUsd: string, part: Partial<PaidCall> = {}): PaidCall => ({
  row: 1,
  at: 0,
  user: 'u1',
  model: 'claude-3-5-sonnet-20241022',
  promptTokens: 5_656,
  completionTokens: 230,
  totalTokens: 5_886,
  costUsd,
  inputUsd: '3e-06',
  outputUsd: '1.5e-05',
  ...part,
});
const PRICES: Quantities = {
  input: 3_000,
  cached_input: 300,
  cache_write_5m: 3_750,
  output: 15_000,
};
const priceOf = (_call: PaidCall, tokens: Quantities): bigint =>
  Object.entries(tokens).reduce(
    (sum, [pool, units]) =>
      sum + BigInt(units) * BigInt(PRICES[pool as keyof Quantities] ?? 0) * 1_000_000n,
    0n,
  );

describe('score of a paid call', () => {
  it.each([
    // recorded               verdict                                       case
    ['0.020418', 'equal', 'list price to the last digit'],
    ['0.020418000000000002', 'equal but for binary digits', 'a float’s tail'],
    ['0.0128013', 'equal once cached tokens are told apart', '2821 tokens read from the cache'],
    ['0.02253375', 'equal once cached tokens are told apart', '2821 tokens written to it'],
    ['0.0210879', 'equal once cached tokens are told apart', '2233 tokens read, beside the prompt'],
    ['0.0204183', 'equal once cached tokens are told apart', 'a single token beside the prompt'],
    ['0.01280131', 'unexplained', 'no whole number of tokens'],
    ['0.001', 'unexplained', 'less than all of the prompt from the cache'],
    ['1', 'unexplained', 'more than all of it written'],
  ])('recorded as %s is %s (%s)', (cost, verdict) => {
    expect(judge(call(cost), priceOf).verdict).toBe(verdict);
  });

  it('tells how many tokens were cached', () => {
    expect(judge(call('0.0128013'), priceOf)).toMatchObject({
      ours: '0.0128013',
      detail: '2821 tokens of cached_input',
    });
  });

  it.each([
    ['0.0', 'no price on that day, recorded as 0'],
    ['0.000858', 'no price on that day, recorded as paid'],
  ])('without a price, recorded as %s, waits and is never 0 (%s)', (cost, verdict) => {
    expect(judge(call(cost), () => undefined)).toMatchObject({ verdict, ours: null });
  });

  it.each([
    // recorded                  verdict
    ['0.000061320000000000', 'the tool charged cached tokens twice'],
    ['0.000057799999923', 'the tool took a price off a token count'],
    ['0.000061320011', 'unexplained'],
    ['0.00006132', 'the tool charged cached tokens twice'],
  ])('of deepseek recorded as %s is: %s', (cost, verdict) => {
    const asked = { model: 'deepseek-chat', promptTokens: 68, completionTokens: 38 };
    const prices = { inputUsd: '5.5e-07', outputUsd: '5.36842e-07' };
    // 68 at 0.55 and 38 at so much that it is round; 64 at 0.055 are 3.52 more.
    const list = 57_800_000_000n;
    expect(judge(call(cost, { ...asked, ...prices }), () => list).verdict).toBe(verdict);
  });

  it('names what cannot be told apart', () => {
    const asked = call('0.025943849999999997', { promptTokens: 6_757, completionTokens: 224 });
    expect(judge(asked, priceOf)).toMatchObject({
      verdict: 'prompt cache read and written in one call, how much of each is not recorded',
      ours: '0.02594385',
    });
  });

  it('knows no cached tokens where no cache price is known', () => {
    const other = call('0.01', { model: 'gpt-4o' });
    expect(judge(other, () => 11n * 10n ** 12n * GIGA).verdict).toBe('unexplained');
  });
});
