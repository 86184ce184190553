import { contextOf } from './context-bounds.js';

describe('length of a request', () => {
  it.each([
    [{ input: 32_000 }, 0],
    [{ input: 32_001 }, 32_000],
    [{ input: 100_000, cached_input: 100_000 }, 128_000],
    [{ input: 100_000, cached_input: 100_000, cache_write_5m: 1 }, 200_000],
    [{ input: 5, output: 1_000_000, reasoning: 1_000_000, images: 1_000_000 }, 0],
    [{ input: -200_001 }, 200_000],
    [{ audio_input: 600_000 }, 512_000],
    [{}, 0],
  ])('of %j is above %s', (quantities, bound) => {
    expect(contextOf(quantities)).toBe(bound);
  });
});
