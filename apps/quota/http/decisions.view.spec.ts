import { answerFacts } from '../domain/answer-facts.js';
import type { Decision } from '../domain/decision.js';
import { decisionView } from './decisions.view.js';

const AT = Date.UTC(2026, 10, 16, 12, 0, 30);
const REFUSED: Decision = {
  id: 'dec_1',
  at: AT,
  organization: 'org_acme',
  profile: 'groq',
  tier: 'free',
  request: {
    requestId: 'r1',
    organization: 'org_acme',
    model: 'llama',
    project: null,
    apiKey: 'key_1',
    serviceTier: 'on_demand',
    adapter: null,
    inputTokens: 3_000n,
    maxOutputTokens: 531n,
    measures: { audio_ms: 20n },
    ttlSeconds: 600,
  },
  outcome: 'refused',
  violated: [
    {
      kind: 'bucket',
      name: 'tokens_per_minute',
      scope: 'organization',
      limit: 6_000n,
      used: 4_093n,
      requested: 3_531n,
      retryInNs: 16_240_000_000n,
    },
    {
      kind: 'spend_limit',
      name: 'spend_limit',
      scope: 'project',
      limit: 10n ** 15n,
      used: 10n ** 15n,
      requested: 5n,
      retryInNs: null,
    },
  ],
  windows: [],
  held: null,
  reservation: null,
  leased: false,
};
const view = (decision: Decision, tokens: readonly bigint[] = []) =>
  decisionView(
    decision,
    answerFacts(decision, { currency: 'USD' }),
    tokens.map((count, index) => ({
      reservation: `rsv_${index}`,
      tokens: count,
      at: AT - 1_000 * (index + 1),
    })),
  );

describe('a decision as it is shown', () => {
  it('says what was asked and what stood in the way', () => {
    expect(view(REFUSED)).toMatchObject({
      id: 'dec_1',
      at: '2026-11-16T12:00:30Z',
      outcome: 'refused',
      request: { request_id: 'r1', input_tokens: 3_000n, max_output_tokens: 531n, audio_ms: 20n },
      violated: [
        {
          name: 'tokens_per_minute',
          kind: 'bucket',
          scope: 'organization',
          limit: 6_000n,
          used: 4_093n,
          requested: 3_531n,
          retry_in: '16.24s',
        },
        {
          name: 'spend_limit',
          kind: 'spend_limit',
          scope: 'project',
          limit: '1',
          used: '1',
          requested: '0.000000000000005',
          retry_in: null,
        },
      ],
      answer: { status: 400, body: { error: { code: 'blocked_api_access' } } },
    });
  });

  it('names whose usage filled the bucket and when each part frees', () => {
    const { contributors, explanation } = view(REFUSED, [4_000n, 4_000n]);
    expect(contributors).toEqual([
      {
        reservation: 'rsv_0',
        tokens: 4_000n,
        at: '2026-11-16T12:00:29Z',
        counts: 4_000n,
        frees_at: '2026-11-16T12:01:10.931Z',
      },
      {
        reservation: 'rsv_1',
        tokens: 4_000n,
        at: '2026-11-16T12:00:28Z',
        counts: 93n,
        frees_at: '2026-11-16T12:00:30.931Z',
      },
    ]);
    expect(explanation).toHaveLength(4);
    expect(explanation.at(-1)).toMatch(/^The spend limit of the project is 1;/);
  });

  it('shows the answer of an admitted one with its reservation', () => {
    const admitted: Decision = {
      ...REFUSED,
      outcome: 'admitted',
      violated: [],
      reservation: 'rsv_9',
      held: { requests: 1, tokens: 3_531n, spendFemto: 710_000_000_000n },
    };
    expect(view(admitted)).toMatchObject({
      outcome: 'admitted',
      violated: [],
      contributors: [],
      explanation: [],
      answer: {
        status: 201,
        headers: { 'meterbook-decision-id': 'dec_1' },
        body: {
          id: 'rsv_9',
          state: 'held',
          expires_at: '2026-11-16T12:10:30Z',
          held: { requests: 1, tokens: 3_531n, spend_exact: '0.00071' },
        },
      },
    });
  });
});
