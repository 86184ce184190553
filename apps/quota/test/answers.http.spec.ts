import { newApiKey } from '#libs/http/api-key.js';
import type { Scope } from '#libs/events/account-facts.js';
import { formatInstant } from '#libs/time/instant.js';
import { metered } from '#libs/usage/test/metered.js';
import { type Door, type DoorAnswer, openDoor } from './door.js';
import { CATALOG_TEXT, NOON, Stand } from './stand.js';

const CATALOG = CATALOG_TEXT.replaceAll(
  'cached_input: "2.5", output: "10"',
  'cached_input: "2.5", output: "10", reasoning: "10"',
).replace(
  'requests_per_minute: 1000, tokens_per_minute: 60000',
  'requests_per_minute: 4, requests_per_day: 14400, tokens_per_minute: 6000',
);
const UPGRADE = 'https://example.test/plans';

describe('answers of the limiter', () => {
  let stand: Stand;
  let door: Door;
  let count = 0;
  const keys = new Map<string, string>();

  async function reserve(
    organization: string,
    more: object = {},
    headers: object = {},
  ): Promise<DoorAnswer> {
    count += 1;
    const body = {
      request_id: `r-${count}`,
      organization,
      model: 'llama',
      input_tokens: 300,
      max_output_tokens: 600,
      ...more,
    };
    return door.ask('/v1/reservations', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...headers },
    });
  }
  const errorOf = ({ body }: DoorAnswer) =>
    body['error'] as { message: string; code: string; type: string };
  const limitsOf = async (organization: string) => {
    const { body } = await door.ask(`/v1/organizations/${organization}/limits?model=llama`);
    const [model] = body['models'] as { limits: Record<string, unknown>[] }[];
    return Object.fromEntries((model?.limits ?? []).map((limit) => [limit['name'], limit]));
  };
  const decisionOf = async ({ headers }: DoorAnswer, key = door.adminKey) =>
    door.ask(`/v1/decisions/${headers.get('meterbook-decision-id')}`, {
      headers: { authorization: `Bearer ${key}` },
    });

  async function makeKey(
    name: string,
    organization: string | null,
    scopes: Scope[],
  ): Promise<void> {
    const { id: keyId, hash, key } = newApiKey();
    await stand.tell({
      type: 'ApiKeyCreated',
      organization,
      keyId,
      name,
      hash,
      scopes,
      expiresAt: null,
    });
    keys.set(name, key);
  }

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand, { upgradeUrl: UPGRADE });
    await stand.publish(CATALOG);
    for (const organization of ['org_acme', 'org_same', 'org_used', 'org_spent', 'org_other'])
      await stand.register(organization, 'developer');
    await stand.register('org_free', 'free');
    await stand.tell({
      type: 'SpendLimitSet',
      organization: 'org_spent',
      project: null,
      amount: '0.005',
      mode: 'hard',
      alerts: [],
      effectiveFrom: NOON,
    });
    await makeKey('acme', 'org_acme', ['usage:read']);
    await makeKey('other', 'org_other', ['usage:read']);
    await makeKey('writer', null, ['usage:write']);
    await stand.caughtUp();
    await door.ask('/v1/organizations/org_acme/limits?at_least=accounts:0:10&wait_ms=10000');
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('tell an admitted request what is left, with a decision that can be asked for', async () => {
    const answer = await reserve('org_acme');
    expect(answer.status).toBe(201);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'x-ratelimit-limit-requests': '14400',
      'x-ratelimit-remaining-requests': '14399',
      'x-ratelimit-reset-requests': '6s',
      'x-ratelimit-limit-tokens': '6000',
      'x-ratelimit-remaining-tokens': '5100',
      'x-ratelimit-reset-tokens': '9s',
    });
    expect(headers['ratelimit']).toContain('"tpm";r=5100;t=1');
    expect(headers['ratelimit-policy']).toContain('"rpm";q=4;w=60');
    const { status, body } = await decisionOf(answer);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: 'admitted',
      violated: [],
      contributors: [],
      answer: { status: 201 },
    });
    expect((body['answer'] as { body: { id: string } }).body.id).toBe(answer.body['id']);
  });

  it('have the numbers that limits shows, admitted and refused', async () => {
    await reserve('org_same');
    const admitted = await reserve('org_same', { input_tokens: 4_000, max_output_tokens: 111 });
    const before = await limitsOf('org_same');
    expect(before['tokens_per_minute']).toMatchObject({
      limit: 6_000,
      used: 5_011,
      remaining: 989,
      full_in: '50.11s',
    });
    expect(admitted.headers.get('x-ratelimit-remaining-tokens')).toBe('989');
    expect(admitted.headers.get('x-ratelimit-reset-tokens')).toBe('50.11s');
    const refused = await reserve('org_same', { input_tokens: 1_000, max_output_tokens: 0 });
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      refused.headers.get('retry-after-ms'),
    ]).toEqual([429, '1', '110']);
    expect(errorOf(refused).message).toBe(
      'Rate limit reached for model `llama` in organization `org_same` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5011, Requested 1000. Please try again in 110ms.',
    );
    expect(await limitsOf('org_same')).toEqual(before);
    expect(refused.headers.get('x-ratelimit-remaining-tokens')).toBe('989');
    expect(refused.headers.get('ratelimit')).toContain('"tpm";r=989;t=1');
  });

  it('admit the same request after the wait that they told', async () => {
    const refused = await reserve('org_same', { input_tokens: 1_000, max_output_tokens: 0 });
    stand.now += Number(refused.headers.get('retry-after-ms')) - 1;
    expect((await reserve('org_same', { input_tokens: 1_000, max_output_tokens: 0 })).status).toBe(
      429,
    );
    stand.now += 1;
    expect((await reserve('org_same', { input_tokens: 1_000, max_output_tokens: 0 })).status).toBe(
      201,
    );
  });

  it('offer the next tier where the catalog has one', async () => {
    const { status, body, headers } = await reserve('org_free', { input_tokens: 7_000 });
    expect([status, headers.get('x-should-retry'), headers.get('retry-after')]).toEqual([
      413,
      'false',
      null,
    ]);
    expect((body['error'] as { message: string }).message).toMatch(
      /Need more tokens\? Upgrade to Developer today at https:\/\/example\.test\/plans$/,
    );
  });

  it('are problems for who asks for them by name', async () => {
    const { status, headers, body } = await reserve(
      'org_free',
      { input_tokens: 7_000 },
      { accept: 'application/problem+json' },
    );
    expect([status, headers.get('content-type')]).toEqual([413, 'application/problem+json']);
    expect(body).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      status: 413,
      instance: '/v1/reservations',
      'violated-policies': ['tpm'],
    });
    expect(headers.get('meterbook-decision-id')).toMatch(/^dec_/);
  });

  it('block by spend without a wait, and explain it in money', async () => {
    const refused = await reserve('org_spent');
    expect([refused.status, errorOf(refused).code, refused.headers.get('retry-after')]).toEqual([
      400,
      'blocked_api_access',
      null,
    ]);
    const { body } = await decisionOf(refused);
    expect(body['violated']).toEqual([
      {
        name: 'spend_limit',
        kind: 'spend_limit',
        scope: 'organization',
        limit: '0.005',
        used: '0',
        requested: '0.0075',
        retry_in: null,
      },
    ]);
    expect(body['explanation']).toEqual([
      'The spend limit of the organization is 0.005; 0 was spent or reserved, and this request may cost up to 0.0075.',
    ]);
  });

  it('name the usage that filled the bucket, and when each part of it frees', async () => {
    const held = await reserve('org_used', { input_tokens: 100, max_output_tokens: 100 });
    await stand.meter([
      metered(
        'u1',
        { at: NOON, quantities: { input: 5_500, cached_input: 9_000 } },
        { organization: 'org_used' },
      ),
    ]);
    await stand.caughtUp();
    const refused = await reserve('org_used', { input_tokens: 1_000, max_output_tokens: 0 });
    expect(refused.status).toBe(429);
    const { body } = await decisionOf(refused);
    const contributors = body['contributors'] as Record<string, unknown>[];
    const own = contributors.find(({ reservation }) => reservation === held.body['id']);
    expect(own).toMatchObject({ tokens: 200, counts: 200 });
    const used = Number((body['violated'] as { used: number }[])[0]?.used);
    expect(contributors.find(({ event }) => event === 'node-1 u1')).toMatchObject({
      event: 'node-1 u1',
      tokens: 5_500,
      counts: used - 200,
      at: formatInstant(NOON),
    });
    expect(body['answer']).toMatchObject({ status: 429, body: refused.body });
    expect((body['explanation'] as string[])[0]).toMatch(
      /^tokens_per_minute is 6000: \d+ tokens were in use, the request needs 1000, and it fits in /,
    );
  });

  it.each([
    ['acme', 200],
    ['other', 404],
    ['writer', 403],
  ])('are explained to whom they belong: with the key %s %i', async (name, status) => {
    const answer = await reserve('org_acme', { input_tokens: 1, max_output_tokens: 1 });
    expect((await decisionOf(answer, keys.get(name))).status).toBe(status);
  });

  it('are unknown by any other id', async () => {
    const { status, body } = await door.ask('/v1/decisions/dec_nothing');
    expect([status, body['code']]).toEqual([404, 'unknown_decision']);
  });
});
