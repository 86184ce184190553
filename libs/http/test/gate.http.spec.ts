import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { AtLeastQuery } from '../at-least.js';
import { type Caller, CurrentCaller, Public, RequireScope } from '../auth.js';
import { PageQuery } from '../page.js';
import { refusalOf, type SmallApp, startSmallApp } from './small-app.js';

class NameBody {
  @IsString()
  name!: string;

  @IsOptional()
  nested?: unknown;
}

@Controller('v1/doors')
@RequireScope('ops')
class DoorController {
  @Get()
  list(@Query() page: PageQuery, @Query() at: AtLeastQuery): unknown {
    return { limit: page.limit, at_least: at.at_least, wait_ms: at.wait_ms };
  }

  @Post()
  @RequireScope('usage:read')
  open(@Body() body: NameBody, @CurrentCaller() caller: Caller): unknown {
    return { name: body.name, caller };
  }

  @Post(':name/close')
  close(@Param('name') name: string): unknown {
    return { name };
  }

  @Get('sign')
  @Public()
  sign(@Query('colour') colour?: string): unknown {
    return { colour };
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('the gate of a route', () => {
  let small: SmallApp;

  beforeAll(async () => {
    small = await startSmallApp(DoorController);
  });
  afterAll(async () => small.app.close());

  const open = async (body: string, init: object = {}): Promise<Response> =>
    small.ask('/v1/doors', { method: 'POST', body, headers: JSON_TYPE, ...init });

  it.each([
    // body             content type             case
    ['{"name":', 'application/json', 'broken JSON'],
    ['name: x', 'text/yaml', 'another media type'],
    ['x'.repeat(2 ** 21), 'application/json', 'too large a body'],
    ['{}', 'application/json', 'a missing field'],
  ])('asks for the key before the body: %#, %s', async (body, type) => {
    const headers = { 'content-type': type };
    expect(await refusalOf(await open(body, { key: null, headers }))).toEqual([
      401,
      'missing_api_key',
    ]);
  });

  it('takes the scope of the class unless the method says otherwise', async () => {
    const { readerKey: key } = small;
    expect(await refusalOf(await small.ask('/v1/doors', { key }))).toEqual([403, 'missing_scope']);
    const opened = await open('{"name":"front"}', { key });
    expect([opened.status, await opened.json()]).toEqual([
      201,
      {
        name: 'front',
        caller: { keyId: key.slice(3, 11), organization: 'org_a', scopes: ['usage:read'] },
      },
    ]);
    expect((await small.ask('/v1/doors/sign', { key: null })).status).toBe(200);
  });

  it.each([
    // header                          status
    ['bearer $', 201],
    ['Bearer  $', 201],
    ['$', 401],
    ['Basic $', 401],
    ['Bearer $x', 401],
    ['Bearer', 401],
  ])('reads the header %j as %d', async (header, status) => {
    const authorization = header.replace('$', small.readerKey);
    const headers = { ...JSON_TYPE, authorization };
    expect((await open('{"name":"x"}', { key: null, headers })).status).toBe(status);
  });

  it.each([
    // path                                      faults
    ['/v1/doors?color=1', ['?color unknown_parameter']],
    ['/v1/doors?limit[]=1', ['?limit[] unknown_parameter']],
    ['/v1/doors?limit=1&limit=1', ['?limit repeated_parameter']],
    ['/v1/doors?cursor=a%00b', ['?cursor invalid_value']],
    ['/v1/doors/sign?color=red', ['?color unknown_parameter']],
    ['/v1/doors/sign?colour=red&colour=blue', ['?colour repeated_parameter']],
    ['/v1/doors/sign?__proto__=1', ['?__proto__ unknown_parameter']],
  ])('refuses %s', async (path, faults) => {
    expect(await refusalOf(await small.ask(path))).toEqual([400, 'invalid_request', ...faults]);
  });

  it('gives each of two DTOs its own parameters', async () => {
    const answer = await small.ask('/v1/doors?limit=7&wait_ms=5');
    expect(await answer.json()).toEqual({ limit: 7, wait_ms: 5 });
  });

  it('reads the header meterbook-at-least where the route knows the parameter', async () => {
    const headers = { 'meterbook-at-least': 'accounts:0:9' };
    const read = await small.ask('/v1/doors', { headers });
    expect(await read.json()).toMatchObject({ at_least: 'accounts:0:9' });
    const both = await small.ask('/v1/doors?at_least=accounts:0:1', { headers });
    expect(await both.json()).toMatchObject({ at_least: 'accounts:0:1' });
    expect((await small.ask('/v1/doors/sign', { headers })).status).toBe(200);
  });

  it('refuses a body that the route would not read', async () => {
    const close = async (body?: string): Promise<Response> =>
      small.ask('/v1/doors/front/close', {
        method: 'POST',
        ...(body !== undefined && { body, headers: JSON_TYPE }),
      });
    expect((await close()).status).toBe(201);
    expect((await close('')).status).toBe(201);
    expect((await close('{}')).status).toBe(201);
    expect(await refusalOf(await close('{"a/b":1}'))).toEqual([
      400,
      'invalid_request',
      '/a~1b unknown_field',
    ]);
  });

  it.each([
    // method    path                           status  allow
    ['OPTIONS', '/v1/doors', 204, 'GET, HEAD, POST, OPTIONS'],
    ['PUT', '/v1/doors', 405, 'GET, HEAD, POST'],
    ['GET', '/v1/doors/front/close', 405, 'POST'],
    ['POST', '/metrics', 405, 'GET, HEAD'],
    ['OPTIONS', '/v1/windows', 404, null],
    ['POST', '/v1/windows', 404, null],
    ['GET', '/v1/doors/', 404, null],
    ['GET', '/V1/doors', 404, null],
  ])('answers %s %s with %d', async (method, path, status, allow) => {
    const sent = method === 'POST' && { body: 'a', headers: { 'content-type': 'x/y' } };
    const answer = await small.ask(path, { method, key: null, ...sent });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers HEAD as GET without the body', async () => {
    const answer = await small.ask('/v1/doors/sign', { method: 'HEAD', key: null });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect((await small.ask('/v1/doors', { method: 'HEAD', key: null })).status).toBe(401);
  });

  it('refuses JSON in an encoding that it does not read', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect(await refusalOf(await open('{}', { headers }))).toEqual([
      415,
      'unsupported_content_encoding',
    ]);
  });
});
