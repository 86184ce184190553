import { answerFacts, bucketWaitNs, countedBy, LIMIT_SHORT } from './answer-facts.js';
import type { Decision, Violation } from './decision.js';

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

describe('facts of a decision', () => {
  const DECISION: Decision = {
    id: 'dec_1',
    at: Date.UTC(2026, 10, 30, 23, 59),
    organization: 'org_acme',
    profile: 'openai',
    tier: 'developer',
    request: {
      requestId: 'r1',
      organization: 'org_acme',
      model: 'llama',
      project: 'chat',
      apiKey: null,
      serviceTier: 'flex',
      adapter: null,
      inputTokens: 10n,
      maxOutputTokens: null,
      measures: {},
      ttlSeconds: 600,
    },
    outcome: 'refused',
    violated: [],
    windows: [],
    held: null,
    reservation: null,
    leased: false,
  };
  const VIOLATION: Violation = {
    kind: 'bucket',
    name: 'tokens_per_minute',
    scope: 'organization',
    limit: 6_000n,
    used: 4_093n,
    requested: 3_531n,
    retryInNs: 16_239_999_001n,
  };
  const faultOf = (change: Partial<Violation>) =>
    answerFacts({ ...DECISION, violated: [{ ...VIOLATION, ...change }] }, { currency: 'USD' })
      .faults[0];

  it('name the request, and when its month ends', () => {
    expect(answerFacts(DECISION, { currency: 'EUR' })).toMatchObject({
      decision: 'dec_1',
      project: 'chat',
      model: 'llama',
      serviceTier: 'flex',
      currency: 'EUR',
      periodEndsAt: Date.UTC(2026, 11, 1),
      faults: [],
    });
  });

  it.each([
    ['the wait by the printed numbers', {}, 'bucket', 16_240_000_000n],
    ['a longer exact wait', { retryInNs: 17_000_000_000n }, 'bucket', 17_000_000_000n],
    ['no wait where the limiter sees none', { retryInNs: null }, 'bucket', null],
    ['no wait for what never fits', { kind: 'too_large', retryInNs: 5n }, 'too_large', null],
    [
      'a wait until an excess is paid',
      { kind: 'excess_block', limit: 0n, used: 0n, retryInNs: 5n },
      'excess_block',
      5n,
    ],
  ] as const)('tell %s', (_, change, kind, retryInNs) => {
    expect(faultOf(change)).toMatchObject({ kind, retryInNs, windowSeconds: 60 });
  });

  it('keep money apart from buckets', () => {
    const fault = faultOf({ kind: 'excess_block', name: 'spend_limit' });
    expect(fault).toEqual({
      kind: 'spend_limit',
      scope: 'organization',
      limit: 6_000n,
      used: 4_093n,
      requested: 3_531n,
    });
  });
});
