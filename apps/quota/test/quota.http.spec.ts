import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Scope } from '#libs/events/account-facts.js';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp } from '#libs/http/app.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { metered } from '#libs/usage/test/metered.js';
import { quotaRunners } from '../consumers/quota-runners.js';
import { QuotaModule } from '../quota.module.js';
import { CATALOG_TEXT, NOON, Stand } from './stand.js';

const ADMIN = newApiKey();

describe('quota door', () => {
  let stand: Stand;
  let app: NestFastifyApplication;
  let base: string;
  const keys = new Map<string, string>();

  async function get(path: string, key = ADMIN.key) {
    const headers = key === '' ? {} : { authorization: `Bearer ${key}` };
    const answer = await fetch(`${base}${path}`, { headers });
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, headers: answer.headers, body };
  }

  async function makeKey(name: string, organization: string | null, scopes: Scope[]) {
    const made = newApiKey();
    const { id: keyId, hash } = made;
    await stand.tell({
      type: 'ApiKeyCreated',
      organization,
      keyId,
      name,
      hash,
      scopes,
      expiresAt: null,
    });
    keys.set(name, made.key);
  }

  beforeAll(async () => {
    stand = await Stand.open();
    const parts = { ...stand.parts(), adminKey: ADMIN.key };
    const server = new ProjectionServer(quotaRunners(parts));
    app = await createApp(QuotaModule.with(parts, server), {
      name: 'quota',
      logger: parts.logger,
      metrics: parts.metrics,
    });
    app.connectMicroservice({ strategy: server });
    await app.listen({ port: 0, host: '127.0.0.1' });
    base = await app.getUrl();
    await app.startAllMicroservices();
  });
  afterAll(async () => {
    await app.close();
    await stand.close();
  });

  it('has no public document before a catalog was published', async () => {
    const { status, headers, body } = await get('/.well-known/inference-limits.json', '');
    expect([status, body['code']]).toEqual([404, 'no_catalog']);
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  it('answers from what it has folded, and says how far that is', async () => {
    await stand.publish();
    await stand.publish(
      CATALOG_TEXT.replace('2026-11-a', '2026-12-a').replace('2026-11-01T', '2026-12-01T'),
    );
    await stand.register('org_acme', 'developer');
    await stand.register('org_other', 'free');
    await makeKey('reader', 'org_acme', ['usage:read']);
    await makeKey('writer', 'org_acme', ['usage:write']);
    await makeKey('other', 'org_other', ['usage:read']);
    await stand.tell({
      type: 'SpendLimitSet',
      organization: 'org_acme',
      project: null,
      amount: '100.00',
      mode: 'hard',
      alerts: [50, 80, 100],
      effectiveFrom: NOON - 1,
    });
    await stand.tell({
      type: 'TierChanged',
      organization: 'org_acme',
      tier: 'free',
      effectiveFrom: Date.UTC(2026, 11, 1),
    });
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 6_000_000, cached_input: 2_000_000 } }),
      metered('b', { at: NOON, quantities: { output: 3_000_000 } }),
      metered('c', { at: NOON - 3_600_000, quantities: { input: 40, reasoning: 7 } }),
      metered('d', { at: NOON, model: 'other', quantities: { input: 5 } }),
    ]);
    const query = 'at_least=usage.recorded:0:4,accounts:0:7,catalog:0:2&wait_ms=10000';
    const { status, body } = await get(`/v1/organizations/org_acme/limits?${query}`);
    expect(status).toBe(200);
    expect(body['as_of']).toMatchObject({
      positions: { 'usage.recorded': { 0: 4 }, accounts: { 0: 7 }, catalog: { 0: 2 } },
      caught_up_at: expect.stringMatching(/Z$/),
      lag_ms: expect.any(Number),
    });
  });

  it('shows the plan, then each limit of each model', async () => {
    const { body } = await get('/v1/organizations/org_acme/limits', keys.get('reader'));
    expect(Object.keys(body)).toEqual(['organization', 'plan', 'profile', 'models', 'as_of']);
    expect(body['plan']).toEqual({
      tier: 'developer',
      title: 'Developer',
      monthly_fee: '20',
      usage: 'metered',
      since: '2026-10-17T12:00:00Z',
      next: { tier: 'free', from: '2026-12-01T00:00:00Z' },
      features: ['chat_support', 'batch'],
      catalog_version: '2026-11-a',
    });
    expect([body['organization'], body['profile']]).toEqual(['org_acme', 'groq']);
    expect(body['models']).toEqual([
      {
        model: 'llama',
        limits: [
          {
            name: 'requests_per_minute',
            limit: 1_000,
            used: 2,
            remaining: 998,
            window_seconds: 60,
            full_in: '120ms',
          },
          {
            name: 'requests_per_day',
            limit: null,
            used: null,
            remaining: null,
            window_seconds: 86_400,
            full_in: null,
          },
          {
            name: 'tokens_per_minute',
            limit: 60_000,
            used: 9_000_000,
            remaining: 0,
            window_seconds: 60,
            full_in: '2h30m0s',
          },
          expect.objectContaining({ name: 'tokens_per_day', limit: null }),
        ],
      },
      { model: 'other', limits: expect.arrayContaining([]) },
    ]);
  });

  it('shows spend to the last digit, against the limit', async () => {
    const { status, body } = await get('/v1/organizations/org_acme/spend?period=2026-11');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      organization: 'org_acme',
      period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
      currency: 'USD',
      spent_exact: '65.000205',
      held_exact: '0',
      limit: '100.00',
      remaining_exact: '34.999795',
      mode: 'hard',
      alerts: [
        { percent: 50, reached_at: '2026-11-16T12:00:00Z' },
        { percent: 80, reached_at: null },
        { percent: 100, reached_at: null },
      ],
      forecast: '125.81',
      overshoot_bound: '0',
      blocked: false,
      fees_exact: '20',
      unpriced: [
        {
          model: 'llama',
          service_tier: 'on_demand',
          adapter: null,
          pool: 'reasoning',
          quantity: 7,
          events: 1,
          from: '2026-11-01T00:00:00Z',
          to: '2026-12-01T00:00:00Z',
        },
      ],
      as_of: { positions: { 'usage.recorded': { 0: 4 } } },
    });
  });

  it('takes the current month when none is named, and knows months without usage', async () => {
    const current = await get('/v1/organizations/org_acme/spend');
    expect(current.body).toMatchObject({ spent_exact: '65.000205' });
    const past = await get('/v1/organizations/org_other/spend?period=2026-10');
    expect(past.body).toMatchObject({
      spent_exact: '0',
      limit: null,
      remaining_exact: null,
      mode: null,
      alerts: [],
      forecast: '0.00',
      unpriced: [],
    });
  });

  it('narrows the limits to a model', async () => {
    const modelsOf = async (model: string) => {
      const { body } = await get(`/v1/organizations/org_acme/limits?model=${model}`);
      return (body['models'] as { model: string }[]).map((one) => one.model);
    };
    expect(await modelsOf('other')).toEqual(['other']);
    expect(await modelsOf('nobody-knows')).toEqual([]);
  });

  it('publishes tiers, limits and prices to everyone', async () => {
    const { status, headers, body } = await get('/.well-known/inference-limits.json', '');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(body).toMatchObject({
      version: '2026-11-a',
      effective_from: '2026-11-01T00:00:00Z',
      currency: 'USD',
      limit_windows: { requests_per_minute: 60, tokens_per_day: 86_400 },
      models: {
        llama: {
          title: 'Llama',
          prices: { on_demand: { input: '5', cached_input: '2.5', output: '10' } },
        },
      },
      tiers: {
        free: {
          title: 'Free',
          monthly_fee: '0',
          usage: 'free',
          features: ['community_support'],
          limits: {
            llama: { requests_per_minute: 30, tokens_per_minute: 6_000, tokens_per_day: null },
          },
        },
      },
      versions: [
        { version: '2026-11-a', effective_from: '2026-11-01T00:00:00Z' },
        { version: '2026-12-a', effective_from: '2026-12-01T00:00:00Z' },
      ],
    });
  });

  it.each([
    // path, key, status, code
    ['/v1/organizations/org_acme/limits', '', 401, 'missing_api_key'],
    ['/v1/organizations/org_acme/spend', '', 401, 'missing_api_key'],
    ['/v1/organizations/org_acme/limits', 'writer', 403, 'missing_scope'],
    ['/v1/organizations/org_acme/spend', 'writer', 403, 'missing_scope'],
    ['/v1/organizations/org_acme/limits', 'other', 404, 'unknown_organization'],
    ['/v1/organizations/org_acme/spend', 'other', 404, 'unknown_organization'],
    ['/v1/organizations/org_nobody/limits', 'admin', 404, 'unknown_organization'],
    ['/v1/organizations/org_nobody/spend', 'admin', 404, 'unknown_organization'],
    ['/v1/organizations/NOT%20ONE/spend', 'admin', 404, 'unknown_organization'],
    ['/v1/organizations/org_acme/spend?period=2026-13', 'admin', 400, 'invalid_request'],
    ['/v1/organizations/org_acme/spend?period=', 'admin', 400, 'invalid_request'],
    ['/v1/organizations/org_acme/spend?month=2026-11', 'admin', 400, 'invalid_request'],
    ['/v1/organizations/org_acme/limits?model=', 'admin', 400, 'invalid_request'],
    ['/v1/organizations/org_acme/limits?at_least=usage.recorded', 'admin', 400, 'invalid_request'],
    [
      '/v1/organizations/org_acme/limits?at_least=quota.events:0:1',
      'admin',
      400,
      'invalid_request',
    ],
    [
      '/v1/organizations/org_acme/spend?at_least=usage.recorded:0:99&wait_ms=0',
      'admin',
      503,
      'not_yet',
    ],
  ])('refuses %s with the key %j: %i %s', async (path, name, status, code) => {
    const key = name === 'admin' ? ADMIN.key : (keys.get(name) ?? '');
    const answer = await get(path, key);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('offers no other method', async () => {
    const answer = await fetch(`${base}/v1/organizations/org_acme/spend`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ADMIN.key}` },
    });
    expect(answer.status).toBe(405);
  });

  it('is ready once its projections have caught up', async () => {
    const { status } = await get('/health/ready', '');
    expect(status).toBe(200);
  });
});
