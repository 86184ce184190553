import { tokensOf } from './paid-calls-explained.js';
import type { PaidCall } from './paid-calls.js';

describe('usage of a paid call', () => {
  it('has cached tokens taken out of the prompt, never twice', () => {
    const call = { promptTokens: 100, completionTokens: 7 } as PaidCall;
    expect(tokensOf(call, { cached_input: 60, cache_write_5m: 10 })).toEqual({
      input: 30,
      cached_input: 60,
      cache_write_5m: 10,
      output: 7,
    });
  });
});
