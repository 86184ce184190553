import type { AnswerFacts, AnswerScope, AnswerWindow } from './answer-facts.js';
import { ietfHeaders, rateLimitHeaders, retryHeaders } from './answer-headers.js';

const SECONDS = {
  requests_per_minute: 60,
  requests_per_day: 86_400,
  tokens_per_minute: 60,
  tokens_per_day: 86_400,
  audio_seconds_per_hour: 3_600,
  audio_seconds_per_day: 86_400,
} as const;

function window(
  name: keyof typeof SECONDS,
  limit: number,
  remaining: number,
  scope: AnswerScope = 'organization',
): AnswerWindow {
  const used = BigInt(limit - Math.max(0, remaining));
  const windowSeconds = SECONDS[name];
  const fullInNs =
    limit === 0 ? null : (used * BigInt(windowSeconds) * 1_000_000_000n) / BigInt(limit);
  return {
    name,
    scope,
    limit: BigInt(limit),
    used,
    remaining: BigInt(Math.max(0, remaining)),
    windowSeconds,
    fullInNs,
  };
}

function facts(profile: 'groq' | 'openai', windows: readonly AnswerWindow[]): AnswerFacts {
  const names = {
    organization: 'org_acme',
    project: null,
    model: 'm',
    serviceTier: 'on_demand',
    currency: 'USD',
  };
  return { decision: 'dec_1', profile, ...names, windows, faults: [], periodEndsAt: 0 };
}

describe('x-ratelimit headers', () => {
  it.each([
    // The recorded header pairs of both vendors (catalog-facts, refill_law_test_vectors); Groq's 172.799999ms is a float's.
    ['groq', 'requests_per_day', 500_000, 499_999, '172.8ms'],
    ['groq', 'tokens_per_minute', 250_000, 249_969, '7.44ms'],
    ['groq', 'requests_per_day', 14_400, 14_399, '6s'],
    ['groq', 'tokens_per_minute', 6_000, 5_987, '130ms'],
    ['openai', 'requests_per_minute', 5_000, 4_999, '12ms'],
    ['openai', 'requests_per_minute', 500, 499, '120ms'],
    ['openai', 'requests_per_minute', 10_000, 9_999, '6ms'],
    ['openai', 'requests_per_minute', 30_000, 29_999, '2ms'],
    ['openai', 'requests_per_day', 10_000, 9_999, '8.64s'],
    ['openai', 'tokens_per_minute', 200_000, 199_711, '86ms'],
    ['openai', 'tokens_per_minute', 200_000, 199_945, '16ms'],
    ['openai', 'tokens_per_minute', 800_000, 799_999, '0s'],
    ['groq', 'requests_per_day', 1_000, 1_000, '0s'],
    ['groq', 'requests_per_day', 0, 0, undefined],
  ] as const)('of %s for %s %i with %i left say %s', (profile, name, limit, remaining, reset) => {
    const what = name.startsWith('tokens') ? 'tokens' : 'requests';
    const headers = rateLimitHeaders(facts(profile, [window(name, limit, remaining)]));
    expect(headers).toEqual({
      [`x-ratelimit-limit-${what}`]: String(limit),
      [`x-ratelimit-remaining-${what}`]: String(remaining),
      ...(reset === undefined ? {} : { [`x-ratelimit-reset-${what}`]: reset }),
    });
  });

  it('show the requests of a day before those of a minute, and the tokens of a minute before those of a day', () => {
    const all = [
      window('requests_per_minute', 30, 29),
      window('requests_per_day', 14_400, 14_399),
      window('tokens_per_minute', 6_000, 5_990),
      window('tokens_per_day', 500_000, 499_990),
      window('audio_seconds_per_hour', 7_200, 7_190),
      window('audio_seconds_per_day', 28_800, 28_790),
    ];
    const headers = rateLimitHeaders(facts('groq', all));
    expect(Object.entries(headers).filter(([name]) => name.includes('-limit-'))).toEqual([
      ['x-ratelimit-limit-requests', '14400'],
      ['x-ratelimit-limit-tokens', '6000'],
      ['x-ratelimit-limit-audio-seconds', '7200'],
    ]);
  });

  it.each([
    ['groq', { 'x-ratelimit-limit-tokens': '50' }],
    ['openai', { 'x-ratelimit-limit-tokens': '100', 'x-ratelimit-limit-project-tokens': '50' }],
  ] as const)('of %s tell the limit of the project', (profile, expected) => {
    const both = [
      window('tokens_per_minute', 100, 90),
      window('tokens_per_minute', 50, 40, 'project'),
    ];
    const headers = rateLimitHeaders(facts(profile, both));
    expect(
      Object.fromEntries(Object.entries(headers).filter(([name]) => name.includes('-limit-'))),
    ).toEqual(expected);
  });

  it('are absent where nothing is limited', () => {
    expect(rateLimitHeaders(facts('groq', []))).toEqual({});
    expect(ietfHeaders(facts('groq', []), null)).toEqual({});
  });
});

describe('RateLimit fields', () => {
  const state = (shown: AnswerWindow, retryAfter: bigint | null = null) =>
    ietfHeaders(facts('groq', [shown]), retryAfter)['ratelimit']?.replace(/;pk=:[^:]+:/, '');

  it.each([
    // limit, remaining, Retry-After, field
    [1_000, 999, null, '"rpm";r=999;t=1'],
    [30, 29, null, '"rpm";r=29;t=2'],
    [30, 30, null, '"rpm";r=30'],
    [1, 0, null, '"rpm";r=0;t=60'],
    [0, 0, null, '"rpm";r=0'],
    [30, 29, 2n, '"rpm";r=29;t=2'],
    [30, 29, 1n, '"rpm";r=29'],
  ])('of %i with %i left, with Retry-After %s', (limit, remaining, retryAfter, expected) => {
    expect(state(window('requests_per_minute', limit, remaining), retryAfter)).toBe(expected);
  });

  it('count the time back to the limit when more than it was used', () => {
    const over = { ...window('requests_per_minute', 30, 0), used: 33n };
    expect(state(over)).toBe('"rpm";r=0;t=8');
  });

  it('name the unit where it is not requests', () => {
    const shown = [
      window('audio_seconds_per_day', 28_800, 1),
      window('tokens_per_day', 9, 9, 'project'),
    ];
    const policy = ietfHeaders(facts('openai', shown), null)['ratelimit-policy'] ?? '';
    expect(policy.replaceAll(/;pk=:[^:]+:/g, '')).toBe(
      '"asd";q=28800;w=86400;qu="audio-seconds", "project-tpd";q=9;w=86400;qu="tokens"',
    );
  });

  it('have one partition key per organization, project and model, without naming them', () => {
    const keyOf = (more: Partial<AnswerFacts>) => {
      const given = { ...facts('groq', [window('tokens_per_day', 9, 9)]), ...more };
      return /pk=:([^:]+):/.exec(ietfHeaders(given, null)['ratelimit'] ?? '')?.[1];
    };
    expect(
      new Set([
        keyOf({}),
        keyOf({ model: 'n' }),
        keyOf({ project: 'p' }),
        keyOf({ organization: 'org_b' }),
      ]).size,
    ).toBe(4);
    expect(keyOf({})).toMatch(/^[A-Za-z0-9+/]{16}$/);
  });
});

describe('retry headers', () => {
  it.each([
    [0n, '1', '1', undefined],
    [1n, '1', '1', undefined],
    [1_000_000_000n, '1', '1000', undefined],
    [1_000_000_001n, '2', '1001', undefined],
    [60_000_000_000n, '60', '60000', undefined],
    [60_000_000_001n, '61', '60001', 'false'],
    [86_400_000_000_000n, '86400', '86400000', 'false'],
  ])('of a wait of %s ns are %s s, %s ms, x-should-retry %s', (wait, seconds, ms, should) => {
    const headers = retryHeaders(wait);
    expect([headers['retry-after'], headers['retry-after-ms'], headers['x-should-retry']]).toEqual([
      seconds,
      ms,
      should,
    ]);
  });

  it('forbid a retry where no wait helps', () => {
    expect(retryHeaders(null)).toEqual({ 'x-should-retry': 'false' });
  });
});
