import { request } from 'node:http';
import { EdgeStand, json, KEY } from './stand.js';

// fetch would resolve dot segments before it asks.
async function statusOf(url: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asking = request({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}

describe('forwarding', () => {
  let stand: EdgeStand;

  beforeAll(async () => {
    stand = await EdgeStand.start();
  });
  afterEach(() => {
    for (const service of Object.values(stand.services)) service.seen.length = 0;
  });
  afterAll(async () => stand.stop());

  it.each([
    ['POST', '/v1/events', 'ingest'],
    ['GET', '/v1/events?id=1', 'metering'],
    ['GET', '/v1/organizations/org_acme/limits?model=m', 'quota'],
    ['GET', '/v1/catalog', 'invoicing'],
  ] as const)('brings %s %s to %s', async (method, path, service) => {
    const body = method === 'POST' ? '{"a":1}\n' : undefined;
    const answer = await stand.ask(method, path, {
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-ndjson' },
      ...(body !== undefined && { body }),
    });
    expect([answer.status, await answer.json()]).toEqual([200, { from: service }]);
    expect(stand.services[service].seen).toMatchObject([
      { method, url: path, headers: { authorization: `Bearer ${KEY}` }, body: body ?? '' },
    ]);
  });

  it('gives the session’s key and keeps the cookie', async () => {
    const cookie = await stand.signIn();
    const answer = await stand.ask('GET', '/v1/usage', {
      headers: { cookie, 'x-request-id': 'req-1' },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [seen] = stand.services.metering.seen;
    expect(seen?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'x-request-id': 'req-1',
    });
    expect(seen?.headers.cookie).toBeUndefined();
  });

  it('lets a session change things from our own pages only', async () => {
    const cookie = await stand.signIn();
    const put = async (headers: Record<string, string>) =>
      stand.ask('PUT', '/v1/organizations/org_acme/spend-limit', {
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    expect((await put({})).status).toBe(403);
    expect((await put({ 'x-meterbook-csrf': '1', origin: 'https://evil.example' })).status).toBe(
      403,
    );
    stand.services.ingest.seen.length = 0;
    expect((await put({ 'x-meterbook-csrf': '1' })).status).toBe(200);
    expect(stand.services.ingest.seen).toHaveLength(1);
  });

  it('passes a refusal on as it is', async () => {
    const { quota } = stand.services;
    const { answer } = quota;
    quota.answer = (_seen, reply) => {
      reply.setHeader('retry-after', '7');
      reply.setHeader('x-ratelimit-limit-requests', '30');
      json(reply, 429, { error: { code: 'rate_limit_exceeded' } });
    };
    const refused = await stand.ask('POST', '/v1/reservations', { body: '{}' });
    quota.answer = answer;
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.headers.get('x-ratelimit-limit-requests')).toBe('30');
    expect(await refused.json()).toEqual({ error: { code: 'rate_limit_exceeded' } });
    expect(quota.seen).toHaveLength(1);
  });

  it('says which service is away, and serves the rest', async () => {
    const { metering } = stand.services;
    const { port } = metering;
    await metering.stop();
    const away = await stand.ask('GET', '/v1/usage');
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('1');
    expect(await away.json()).toMatchObject({ code: 'service_unavailable', service: 'metering' });
    expect((await stand.ask('GET', '/v1/catalog')).status).toBe(200);
    const document = (await (await stand.ask('GET', '/openapi.json')).json()) as object;
    expect(document).toMatchObject({ 'x-unavailable-services': ['metering'] });
    await metering.start(port);
    expect((await stand.ask('GET', '/v1/usage')).status).toBe(200);
  });

  it.each([
    // method    path          status  allow
    ['DELETE', '/v1/events', 405, 'GET, HEAD, POST'],
    ['PUT', '/v1/catalog', 405, 'GET, HEAD, POST'],
    ['OPTIONS', '/v1/events', 204, 'GET, HEAD, POST, OPTIONS'],
    ['OPTIONS', '/v1/usage', 200, null],
  ])('answers %s %s with %i and allow: %s', async (method, path, status, allow) => {
    const answer = await stand.ask(method, path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
    const asked = Object.values(stand.services).flatMap(({ seen }) => seen);
    // What one service has alone is that service's to say.
    expect(asked).toHaveLength(allow === null ? 1 : 0);
  });

  it.each([
    '/v1/usage/../../metrics',
    '/v1/usage/%2e%2e/%2E%2E/ops/projections',
    '/v1/usage/..%2f..%2fmetrics/../../../metrics',
    '/v1/usage/./x',
    '/v1/usage\\..\\..\\metrics',
  ])('carries no path elsewhere than it says: %s', async (path) => {
    expect(await statusOf(stand.url, path)).toBe(404);
    expect(Object.values(stand.services).flatMap(({ seen }) => seen)).toEqual([]);
  });

  it.each(['/v1/nothing', '/v1/', '/.well-known/security.txt', '/v1/../ops/projections'])(
    'knows no %s',
    async (path) => {
      const answer = await stand.ask('POST', path, { body: '{}' });
      expect([404, 405]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    },
  );
});

describe('console files', () => {
  let stand: EdgeStand;
  beforeAll(async () => {
    stand = await EdgeStand.start();
  });
  afterAll(async () => stand.stop());

  it.each(['/', '/pricing', '/invoices/MB-2026-000017', '/usage?window=day'])(
    'answer %s with the page, bound by a strict policy',
    async (path) => {
      const page = await stand.ask('GET', path, { headers: { accept: 'text/html' } });
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<title>Meterbook</title>');
      expect(page.headers.get('cache-control')).toBe('no-cache');
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('are kept for ever when their name has their hash', async () => {
    const file = await stand.ask('GET', '/assets/index-abc123.js');
    expect(file.status).toBe(200);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('content-type')).toContain('javascript');
  });

  it.each(['/assets/gone.js', '/assets/..%2findex.html', '/favicon.gone'])(
    'are not made up: %s',
    async (path) => {
      const answer = await stand.ask('GET', path);
      expect([path, answer.status]).toEqual([path, path.includes('%2f') ? 200 : 404]);
      expect(await answer.text()).not.toContain('export');
    },
  );
});
