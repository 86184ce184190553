import { bucketWaitNs, countedBy, LIMIT_SHORT } from './answer-facts.js';

describe('wait for a bucket', () => {
  it.each([
    // limit, used, requested, window, nanoseconds; the first three are recorded refusals of Groq
    [6_000n, 4_093n, 3_531n, 60, 16_240_000_000n],
    [6_000n, 2_884n, 3_657n, 60, 5_410_000_000n],
    [8_000n, 7_297n, 974n, 60, 2_032_500_000n],
    [50n, 50n, 1n, 86_400, 1_728_000_000_000n],
    [7n, 7n, 1n, 60, 8_571_428_572n],
    [100n, 50n, 50n, 60, 0n],
    [100n, 0n, 101n, 60, null],
    [0n, 0n, 0n, 60, null],
  ])(
    'of %s, %s used, %s requested in %i s is %s ns',
    (limit, used, requested, windowSeconds, ns) => {
      expect(bucketWaitNs({ limit, used, requested, windowSeconds })).toBe(ns);
    },
  );
});

describe('what a limit counts', () => {
  it.each([
    ['requests_per_day', 'requests', 'RPD'],
    ['tokens_per_minute', 'tokens', 'TPM'],
    ['audio_seconds_per_hour', 'audio-seconds', 'ASH'],
  ] as const)('%s counts %s and is called %s', (name, counts, short) => {
    expect([countedBy(name), LIMIT_SHORT[name]]).toEqual([counts, short]);
  });
});
