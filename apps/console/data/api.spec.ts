import { ApiError, change, get, withQuery } from './api.js';

const answer = (body: string, status = 200, type = 'application/json') =>
  new Response(body === '' ? null : body, {
    status,
    headers: { 'content-type': type, 'x-request-id': 'req_7' },
  });

describe('the door to the edge', () => {
  const asked: { path: string; init: RequestInit }[] = [];
  const serve = (make: () => Response | Promise<Response>): void => {
    asked.length = 0;
    globalThis.fetch = (async (path: string, init: RequestInit) => {
      asked.push({ path, init });
      return make();
    }) as typeof fetch;
  };

  it('reads numbers exactly', async () => {
    serve(() => answer('{"n":9007199254740993,"x":"0.10"}'));
    expect(await get('/v1/x')).toEqual({ n: 9_007_199_254_740_993n, x: '0.10' });
  });

  it('shows that a change comes from its own page, and names it once', async () => {
    serve(() => answer('', 204));
    await change('POST', '/v1/x', { a: '1' });
    const headers = asked[0]?.init.headers as Record<string, string>;
    expect(headers['x-meterbook-csrf']).toBe('1');
    expect(headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['authorization']).toBeUndefined();
  });

  it.each([
    // status  type                        body                                        code            detail
    [403, 'application/problem+json', '{"code":"forbidden","detail":"No."}', 'forbidden', 'No.'],
    [502, 'text/html', '<h1>bad</h1>', 'unknown', null],
    [500, 'application/json', '{"code"', 'unknown', null],
  ])('tells a refusal of %i in %s', async (status, type, body, code, detail) => {
    serve(() => answer(body, status, type));
    const error = await get('/v1/x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toMatchObject({ status, code, detail });
    expect((error as ApiError).requestId).toBe('req_7');
  });

  it('tells silence as an outage', async () => {
    serve(async () => Promise.reject(new TypeError('network')));
    const error = await get('/v1/x').catch((thrown: unknown) => thrown);
    expect((error as ApiError).isOutage).toBe(true);
  });

  it('leaves out what a query does not say', () => {
    expect(withQuery('/v1/x', { a: 'b/c d', e: undefined })).toBe('/v1/x?a=b%2Fc+d');
    expect(withQuery('/v1/x', {})).toBe('/v1/x');
  });
});
