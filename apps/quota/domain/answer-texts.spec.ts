import type { AnswerFacts, SpendFault } from './answer-facts.js';
import { faultMessage } from './answer-texts.js';

const USD = 10n ** 15n;
const FACTS: AnswerFacts = {
  decision: 'dec_1',
  profile: 'openai',
  organization: 'org_acme',
  project: 'chat',
  model: 'm',
  serviceTier: 'on_demand',
  currency: 'USD',
  windows: [],
  faults: [],
  periodEndsAt: Date.UTC(2027, 0, 1),
};

describe('text about money', () => {
  it.each([
    [
      'spend_limit',
      'project',
      'Project chat of org_acme has reached its spend limit. Spend limit 10 USD, spent and reserved 10 USD, this request may cost up to 0.000000000000001 USD. Requests are blocked until the limit is raised or the month ends at 2027-01-01T00:00:00Z.',
      10n * USD,
    ],
    [
      'spend_limit',
      'organization',
      'org_acme is too near its spend limit. Spend limit 10 USD, spent and reserved 9.5 USD, this request may cost up to 0.000000000000001 USD. Requests are blocked until the limit is raised or the month ends at 2027-01-01T00:00:00Z.',
      (19n * USD) / 2n,
    ],
    [
      'credit',
      'organization',
      'org_acme has used up its prepaid credit. Credit left 0 USD, this request may cost up to 0.000000000000001 USD. Requests are blocked until credit is added.',
      11n * USD,
    ],
  ] as const)('%s of the %s', (kind, scope, text, used) => {
    const fault: SpendFault = { kind, scope, limit: 10n * USD, used, requested: 1n };
    expect(faultMessage(FACTS, fault)).toBe(text);
  });

  it('says of an excess why nothing is admitted', () => {
    const fault = {
      kind: 'excess_block',
      name: 'tokens_per_minute',
      scope: 'organization',
      limit: 0n,
      used: 0n,
      requested: 10n,
      windowSeconds: 60,
      retryInNs: 1_500_000_000n,
    } as const;
    expect(faultMessage(FACTS, fault)).toBe(
      'Rate limit reached for m in organization org_acme: more tokens were used than had been reserved, and refill has not paid for them yet. Please try again in 1.5s.',
    );
  });

  it('offers more requests by their own name, and nothing when there is no tier above', () => {
    const fault = {
      kind: 'bucket',
      name: 'audio_seconds_per_hour',
      scope: 'organization',
      limit: 7_200n,
      used: 7_200n,
      requested: 60n,
      windowSeconds: 3_600,
      retryInNs: 30_000_000_000n,
    } as const;
    const head =
      'Rate limit reached for m in organization org_acme on seconds of audio per hour (ASH): Limit 7200, Used 7200, Requested 60. Please try again in 30s.';
    expect(faultMessage(FACTS, fault)).toBe(head);
    const upgrade = { title: 'Developer', url: 'https://example.test/plans' };
    expect(faultMessage({ ...FACTS, upgrade }, fault)).toBe(
      `${head} Need more audio? Upgrade to Developer today at https://example.test/plans`,
    );
  });
});
