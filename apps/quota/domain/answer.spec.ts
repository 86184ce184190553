import {
  type AnswerFacts,
  type AnswerWindow,
  type BucketFault,
  type Fault,
} from './answer-facts.js';
import { answerOf, governing, problemAnswer } from './answer.js';
import { bucketWaitNs } from './answer-facts.js';

type Numbers = readonly [limit: number, used: number, requested: number];

const WINDOWS = {
  requests_per_minute: 60,
  tokens_per_minute: 60,
  requests_per_day: 86_400,
  tokens_per_day: 86_400,
} as const;
type Name = keyof typeof WINDOWS;

function fault(
  name: Name,
  [limit, used, requested]: Numbers,
  scope: 'organization' | 'project' = 'organization',
): BucketFault {
  const numbers = { limit: BigInt(limit), used: BigInt(used), requested: BigInt(requested) };
  const law = { ...numbers, windowSeconds: WINDOWS[name] };
  return { kind: 'bucket', name, scope, ...law, retryInNs: bucketWaitNs(law) };
}

function window(
  name: Name,
  limit: number,
  used: number,
  scope: 'organization' | 'project' = 'organization',
): AnswerWindow {
  const [capacity, taken] = [BigInt(limit), BigInt(used)];
  const windowSeconds = WINDOWS[name];
  const fullInNs = (taken * BigInt(windowSeconds) * 1_000_000_000n) / capacity;
  const remaining = taken > capacity ? 0n : capacity - taken;
  return { name, scope, limit: capacity, used: taken, remaining, windowSeconds, fullInNs };
}

function facts(
  profile: 'groq' | 'openai',
  faults: readonly Fault[] = [],
  more: Partial<AnswerFacts> = {},
): AnswerFacts {
  return {
    decision: 'dec_1',
    profile,
    organization: 'org_acme',
    project: null,
    model: 'llama-3.1-8b-instant',
    serviceTier: 'on_demand',
    currency: 'USD',
    windows: [],
    faults,
    periodEndsAt: Date.UTC(2026, 11, 1),
    ...more,
  };
}

const errorOf = (given: AnswerFacts) =>
  answerOf(given).body?.['error'] as { message: string; type: string; code: string };
const USD = 10n ** 15n;
const spend: Fault = {
  kind: 'spend_limit',
  scope: 'organization',
  limit: 100n * USD,
  used: 100n * USD,
  requested: USD / 1_000n,
};
const upgrade = { title: 'Dev Tier', url: 'https://console.groq.com/settings/billing' };

describe('refusal of Groq', () => {
  it.each([
    // Bodies seen on the wire; Groq prints 16.239999999s where exact arithmetic gives 16.24s.
    [
      'tokens_per_minute',
      [6_000, 4_093, 3_531],
      'Rate limit reached for model `llama-3.1-8b-instant` in organization `org_acme` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 4093, Requested 3531. Please try again in 16.24s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
      'tokens',
      429,
    ],
    [
      'tokens_per_minute',
      [6_000, 2_884, 3_657],
      'Rate limit reached for model `llama-3.1-8b-instant` in organization `org_acme` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 2884, Requested 3657. Please try again in 5.41s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
      'tokens',
      429,
    ],
    [
      'tokens_per_minute',
      [8_000, 7_297, 974],
      'Rate limit reached for model `llama-3.1-8b-instant` in organization `org_acme` service tier `on_demand` on tokens per minute (TPM): Limit 8000, Used 7297, Requested 974. Please try again in 2.0325s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
      'tokens',
      429,
    ],
    [
      'requests_per_day',
      [14_400, 14_400, 1],
      'Rate limit reached for model `llama-3.1-8b-instant` in organization `org_acme` service tier `on_demand` on requests per day (RPD): Limit 14400, Used 14400, Requested 1. Please try again in 6s. Need more requests? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
      'requests',
      429,
    ],
    [
      'tokens_per_minute',
      [6_000, 0, 15_041],
      'Request too large for model `llama-3.1-8b-instant` in organization `org_acme` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 15041, please reduce your message size and try again. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
      'tokens',
      413,
    ],
  ] as const)('about %s %j has the text of the wire', (name, numbers, message, type, status) => {
    const given = facts('groq', [fault(name, numbers)], { upgrade });
    expect(answerOf(given).status).toBe(status);
    expect(errorOf(given)).toEqual({ message, type, param: null, code: 'rate_limit_exceeded' });
  });

  it('blocks by spend with 400 and no wait', () => {
    const { status, headers } = answerOf(facts('groq', [spend]));
    expect([status, headers['x-should-retry'], headers['retry-after']]).toEqual([
      400,
      'false',
      undefined,
    ]);
    expect(errorOf(facts('groq', [spend]))).toEqual({
      message:
        'org_acme has reached its spend limit. Spend limit 100 USD, spent and reserved 100 USD, this request may cost up to 0.001 USD. Requests are blocked until the limit is raised or the month ends at 2026-12-01T00:00:00Z.',
      type: 'invalid_request_error',
      param: null,
      code: 'blocked_api_access',
    });
  });
});

describe('refusal of OpenAI', () => {
  it.each([
    // 84.3 ms is printed as 84ms on the wire.
    [
      'gpt-4o-mini',
      'tokens_per_minute',
      [200_000, 195_869, 4_412],
      'Rate limit reached for gpt-4o-mini in organization org_acme on tokens per min (TPM): Limit 200000, Used 195869, Requested 4412. Please try again in 84ms.',
      429,
    ],
    [
      'gpt-5.1',
      'tokens_per_minute',
      [30_000, 22_999, 12_528],
      'Rate limit reached for gpt-5.1 in organization org_acme on tokens per min (TPM): Limit 30000, Used 22999, Requested 12528. Please try again in 11.054s.',
      429,
    ],
    [
      'gpt-5.4-mini',
      'requests_per_day',
      [50, 50, 1],
      'Rate limit reached for gpt-5.4-mini in organization org_acme on requests per day (RPD): Limit 50, Used 50, Requested 1. Please try again in 28m48s.',
      429,
    ],
    [
      'gpt-4o',
      'tokens_per_minute',
      [30_000, 0, 34_307],
      'Request too large for gpt-4o in organization org_acme on tokens per min (TPM): Limit 30000, Requested 34307. The input or output tokens must be reduced in order to run successfully.',
      413,
    ],
  ] as const)(
    'for %s about %s %j has the text of the wire',
    (model, name, numbers, message, status) => {
      const given = facts('openai', [fault(name, numbers)], { model });
      expect(answerOf(given).status).toBe(status);
      expect(errorOf(given)).toMatchObject({ message, param: null, code: 'rate_limit_exceeded' });
    },
  );

  it('names the project whose limit it is', () => {
    const limit = fault('tokens_per_minute', [50_000, 47_949, 3_006], 'project');
    const given = facts('openai', [limit], { project: 'proj_1', model: 'gpt-4o-mini' });
    expect(errorOf(given).message).toBe(
      'Rate limit reached for gpt-4o-mini in project proj_1 organization org_acme on tokens per min (TPM): Limit 50000, Used 47949, Requested 3006. Please try again in 1.146s.',
    );
  });

  it.each([
    [spend, 'organization_spend_limit_exceeded'],
    [{ ...spend, scope: 'project' }, 'project_spend_limit_exceeded'],
    [{ ...spend, kind: 'credit' }, 'credit_balance_exhausted'],
  ] as const)('blocks by money with a code that SDKs know, 429 and no wait', (given, code) => {
    const { status, headers, body } = answerOf(facts('openai', [given]));
    expect([status, headers['x-should-retry']]).toEqual([429, 'false']);
    expect(Object.keys(headers).filter((name) => name.startsWith('retry-after'))).toEqual([]);
    expect(body).toEqual({
      error: { message: expect.any(String), type: 'insufficient_quota', param: null, code },
    });
  });
});

describe('answer', () => {
  const windows = [window('requests_per_day', 14_400, 1), window('tokens_per_minute', 6_000, 13)];

  it('of an admitted request says what is left', () => {
    const { status, headers, body } = answerOf(facts('groq', [], { windows }));
    expect([status, body]).toEqual([201, null]);
    expect(headers).toEqual({
      'x-ratelimit-limit-requests': '14400',
      'x-ratelimit-remaining-requests': '14399',
      'x-ratelimit-reset-requests': '6s',
      'x-ratelimit-limit-tokens': '6000',
      'x-ratelimit-remaining-tokens': '5987',
      'x-ratelimit-reset-tokens': '130ms',
      'ratelimit-policy':
        '"rpd";q=14400;w=86400;pk=:PK:, "tpm";q=6000;w=60;qu="tokens";pk=:PK:'.replaceAll('PK', PK),
      ratelimit: '"rpd";r=14399;t=6;pk=:PK:, "tpm";r=5987;t=1;pk=:PK:'.replaceAll('PK', PK),
      'meterbook-decision-id': 'dec_1',
    });
  });

  it('is about what never fits first, then about money, then about the longest wait', () => {
    const never = fault('tokens_per_minute', [6_000, 0, 6_001]);
    const short = fault('tokens_per_minute', [6_000, 6_000, 100]);
    const long = fault('requests_per_day', [14_400, 14_400, 1]);
    expect(governing([short, spend, never, long])).toBe(never);
    expect(governing([short, spend, long])).toBe(spend);
    expect(governing([short, long])).toBe(long);
    expect(governing([])).toBeUndefined();
  });

  it('is a problem when asked for, with every violated policy', () => {
    const project = fault('tokens_per_day', [100, 100, 1], 'project');
    const given = facts('openai', [
      fault('tokens_per_minute', [6_000, 6_000, 100]),
      project,
      spend,
    ]);
    const { status, headers, body } = problemAnswer(given, '/v1/reservations');
    expect(status).toBe(429);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      code: 'organization_spend_limit_exceeded',
      title: 'Quota exceeded',
      status: 429,
      detail: expect.stringContaining('org_acme has reached its spend limit.'),
      instance: '/v1/reservations',
      'violated-policies': ['tpm', 'project-tpd', 'spend-limit'],
      errors: [],
    });
  });

  it('stays an answer to an admitted request that would accept a problem', () => {
    expect(problemAnswer(facts('groq'), '/').status).toBe(201);
  });
});

// The first 12 bytes of SHA-256 of ["org_acme",null,"llama-3.1-8b-instant"].
const PK = 'XW2/NwjAEoMn/aew';
