import { newApiKey } from '../api-key.js';
import { codeOf, openStand, type Stand, state } from './app-stand.js';
import { expired, reader, revoked } from './stand-keys.js';

describe('a service application', () => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await openStand();
  });

  afterAll(async () => {
    await stand.close();
  });

  it('answers problems as problem+json without a charset, naming each field', async () => {
    const answer = await stand.post({
      size: 'x',
      colour: 1,
      parts: [{ amount: 1 }, { amount: 1.5 }],
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      type: 'urn:meterbook:problem:invalid_request',
      code: 'invalid_request',
      title: 'Bad Request',
      status: 400,
      instance: '/v1/things',
      errors: expect.arrayContaining([
        { pointer: '/colour', code: 'unknown_field', detail: 'is not a field of this body' },
        expect.objectContaining({ pointer: '/size', code: 'invalid_value' }),
        expect.objectContaining({ pointer: '/parts/1/amount', code: 'invalid_value' }),
      ]),
    });
  });

  it.each([
    // path                                   pointer      code
    ['/v1/things?limit=0', '?limit', 'invalid_value'],
    ['/v1/things?limit=501', '?limit', 'invalid_value'],
    ['/v1/things?limit=ten', '?limit', 'invalid_value'],
    ['/v1/things?limit=1&limit=2', '?limit', 'repeated_parameter'],
    ['/v1/things?color=1', '?color', 'unknown_parameter'],
    ['/v1/things?group_by=colour', '?group_by', 'invalid_value'],
    ['/v1/things?dry_run=yes', '?dry_run', 'invalid_value'],
  ])('refuses %s at %s', async (path, pointer, code) => {
    const answer = await stand.call(path);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: unknown[] }).errors).toEqual([
      expect.objectContaining({ pointer, code }),
    ]);
  });

  it.each([
    'group_by=model,project',
    'group_by[]=model&group_by[]=project',
    'group_by=model&group_by=project',
  ])('reads the list %s', async (query) => {
    const answer = await stand.call(`/v1/things?${query}&dry_run=true&limit=7`);
    expect(await answer.json()).toMatchObject({
      group_by: ['model', 'project'],
      dry_run: true,
      limit: 7,
    });
  });

  it('prints exact integers and keeps a given request id', async () => {
    const answer = await stand.call('/v1/things', { headers: { 'x-request-id': 'abc-1' } });
    expect(answer.headers.get('x-request-id')).toBe('abc-1');
    expect(await answer.text()).toContain('"big":1152921504606846976');
    expect((await stand.call('/v1/things')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    // key                                status  code
    [null, 401, 'missing_api_key'],
    ['nonsense', 401, 'invalid_api_key'],
    [newApiKey().key, 401, 'invalid_api_key'],
    [expired.key, 401, 'expired_api_key'],
    [revoked.key, 401, 'revoked_api_key'],
  ])('refuses the key %s', async (key, status, code) => {
    const answer = await stand.call('/v1/things', { key });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(await codeOf(answer)).toEqual([status, code]);
  });

  it('wants the scope, and hides what belongs to another organization', async () => {
    expect((await stand.call('/v1/things', { key: reader.key })).status).toBe(200);
    const body = {
      method: 'POST',
      body: '{"size":1}',
      headers: { 'content-type': 'application/json' },
    };
    expect(await codeOf(await stand.call('/v1/things', { ...body, key: reader.key }))).toEqual([
      403,
      'missing_scope',
    ]);
    expect(await codeOf(await stand.call('/v1/things/of-org', { key: reader.key }))).toEqual([
      404,
      'unknown_organization',
    ]);
  });

  it('says 404 for what is not there and 405 with allow for a method that a route lacks', async () => {
    expect(await codeOf(await stand.call('/v1/nothing'))).toEqual([404, 'unknown_route']);
    const answer = await stand.call('/v1/things', { method: 'DELETE' });
    expect(answer.headers.get('allow')).toContain('POST');
    expect(await codeOf(answer)).toEqual([405, 'method_not_allowed']);
  });

  it.each([
    // body                     content type          status  code
    ['{"size":', 'application/json', 400, 'invalid_json'],
    ['{"size":1,"__proto__":{"a":1}}', 'application/json', 400, 'invalid_json'],
    ['size: 1', 'text/csv', 415, 'unsupported_media_type'],
    [`{"size":${'1'.repeat(1_000)}}`, 'application/json', 413, 'body_too_large'],
    ['[1]', 'application/json', 400, 'invalid_request'],
  ])('refuses the body %.20s as %s', async (body, type, status, code) => {
    expect(await codeOf(await stand.post(body, { 'content-type': type }))).toEqual([status, code]);
  });

  it('tells nothing of an unknown error and asks to retry when the log is away', async () => {
    const answer = await stand.call('/v1/things/broken');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    state.failNext = true;
    const away = await stand.post({ size: 1 });
    state.failNext = false;
    expect(away.headers.get('retry-after')).toBe('1');
    expect(await codeOf(away)).toEqual([503, 'log_unavailable']);
  });

  it('adds the error object on routes in the shape of OpenAI, before and after the guard', async () => {
    const refused = await stand.call('/v1/organization/usage/completions?limit=0');
    expect(await refused.json()).toMatchObject({
      error: { type: 'invalid_request_error', param: 'limit' },
    });
    const missing = await stand.call('/v1/organization/usage/completions', { key: null });
    expect(await missing.json()).toMatchObject({ error: { code: 'missing_api_key', param: null } });
  });

  it('is ready until something says no', async () => {
    expect((await stand.call('/health/live', { key: null })).status).toBe(200);
    expect((await stand.call('/health/ready', { key: null })).status).toBe(200);
    state.reasons = ['usage.recorded[3] is halted'];
    const answer = await stand.call('/health/ready', { key: null });
    state.reasons = [];
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ reasons: ['usage.recorded[3] is halted'] });
  });

  it('describes its routes, parameters, bodies and keys', async () => {
    const document = (await (await stand.call('/openapi.json', { key: null })).json()) as Record<
      string,
      never
    >;
    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/v1/things': {
          get: {
            security: [{ key: [] }],
            parameters: expect.arrayContaining([
              expect.objectContaining({ name: 'limit', in: 'query' }),
            ]),
          },
          post: {
            requestBody: {
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/ThingBody' } },
              },
            },
          },
        },
        '/v1/things/broken': { get: { security: [] } },
      },
      components: { schemas: { ThingBody: { required: ['size'] } } },
    });
  });

  it('counts its requests for Prometheus', async () => {
    expect(await (await stand.call('/metrics', { key: null })).text()).toMatch(
      /meterbook_http_request_seconds_count\{.*route="\/v1\/things"/,
    );
  });
});
