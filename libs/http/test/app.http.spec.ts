import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, ValidateNested } from 'class-validator';
import { DataSource } from 'typeorm';
import { createLogger } from '../../telemetry/logger.js';
import { Metrics } from '../../telemetry/metrics.js';
import { freshDatabase } from '../../testing/postgres.js';
import { LogUnavailable } from '../../log/event-log.js';
import { newApiKey, type NewApiKey } from '../api-key.js';
import { createApp } from '../app.js';
import {
  assertMayRead,
  authProviders,
  type Caller,
  CurrentCaller,
  Public,
  RequireScope,
} from '../auth.js';
import { IsListOf } from '../fields.js';
import {
  CreateIdempotency1760000000002,
  Idempotent,
  IdempotencyInterceptor,
} from '../idempotency.js';
import { KeyDirectory, type StoredKey } from '../keys.js';
import { OpenAiErrors } from '../openai-errors.js';
import { PageQuery } from '../page.js';
import { Readiness } from '../readiness.js';

class Inner {
  @IsInt()
  amount!: number;
}

class ThingBody {
  @IsInt()
  size!: number;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Inner)
  parts?: Inner[];
}

class ThingQuery extends PageQuery {
  @IsOptional()
  @IsListOf(['model', 'project'])
  group_by?: string[];

  @IsOptional()
  @IsBoolean()
  dry_run?: boolean;
}

let made = 0;
let failNext = false;

@Controller('v1/things')
class ThingController {
  @Get()
  @RequireScope('usage:read')
  list(@Query() query: ThingQuery, @CurrentCaller() caller: Caller): unknown {
    const { group_by, dry_run, limit } = query;
    return { group_by, dry_run, limit, organization: caller.organization, big: 2n ** 60n };
  }

  @Post()
  @RequireScope('billing:write')
  @Idempotent()
  make(@Body() body: ThingBody): unknown {
    if (failNext) throw new LogUnavailable('away');
    made += 1;
    return { size: body.size, made };
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new Error('secret detail');
  }

  @Get('of-org')
  @RequireScope('usage:read', 'billing:read')
  ofOrganization(@CurrentCaller() caller: Caller): string {
    assertMayRead(caller, 'org_other');
    return 'seen';
  }
}

@Controller('v1/organization/usage')
@OpenAiErrors()
class OpenAiController {
  @Get('completions')
  @RequireScope('usage:read')
  usage(@Query() query: PageQuery): unknown {
    return query;
  }
}

@Module({})
class Tried {}

const admin = newApiKey();
const reader = newApiKey();
const expired = newApiKey();
const revoked = newApiKey();
const now = Date.UTC(2026, 10, 25);
const stored = (key: NewApiKey, change: Partial<StoredKey> = {}): StoredKey => ({
  id: key.id,
  hash: key.hash,
  organization: 'org_a',
  scopes: ['usage:read'],
  expiresAt: null,
  revokedAt: null,
  ...change,
});

class FixedKeys extends KeyDirectory {
  async find(id: string): Promise<StoredKey | undefined> {
    const keys = [
      stored(reader),
      stored(expired, { expiresAt: now }),
      stored(revoked, { revokedAt: 1 }),
    ];
    return keys.find((key) => key.id === id);
  }
}

describe('a service application', () => {
  let app: NestFastifyApplication;
  let source: DataSource;
  let base: string;
  let reasons: string[] = [];

  beforeAll(async () => {
    source = await freshDatabase([CreateIdempotency1760000000002]);
    const module = {
      module: Tried,
      controllers: [ThingController, OpenAiController],
      providers: [
        ...authProviders(admin.key, () => now),
        { provide: KeyDirectory, useClass: FixedKeys },
        { provide: DataSource, useValue: source },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: Readiness, useValue: { reasons: async () => reasons } },
      ],
    };
    const logger = createLogger('test', 'silent');
    app = await createApp(module, {
      name: 'test',
      logger,
      metrics: new Metrics('test'),
      bodyLimit: 1_000,
    });
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    await source.destroy();
  });

  const call = async (
    path: string,
    init: RequestInit & { key?: string | null } = {},
  ): Promise<Response> => {
    const { key = admin.key, headers, ...rest } = init;
    const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
    return fetch(base + path, { ...rest, headers: { ...authorization, ...(headers as object) } });
  };
  const post = async (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    call('/v1/things', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const codeOf = async (answer: Response): Promise<[number, string]> => {
    const { code } = (await answer.json()) as { code: string };
    return [answer.status, code];
  };

  it('answers problems as problem+json without a charset, naming each field', async () => {
    const answer = await post({ size: 'x', colour: 1, parts: [{ amount: 1 }, { amount: 1.5 }] });
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
    const answer = await call(path);
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
    const answer = await call(`/v1/things?${query}&dry_run=true&limit=7`);
    expect(await answer.json()).toMatchObject({
      group_by: ['model', 'project'],
      dry_run: true,
      limit: 7,
    });
  });

  it('prints exact integers and keeps a given request id', async () => {
    const answer = await call('/v1/things', { headers: { 'x-request-id': 'abc-1' } });
    expect(answer.headers.get('x-request-id')).toBe('abc-1');
    expect(await answer.text()).toContain('"big":1152921504606846976');
    expect((await call('/v1/things')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    // key                                status  code
    [null, 401, 'missing_api_key'],
    ['nonsense', 401, 'invalid_api_key'],
    [newApiKey().key, 401, 'invalid_api_key'],
    [expired.key, 401, 'expired_api_key'],
    [revoked.key, 401, 'revoked_api_key'],
  ])('refuses the key %s', async (key, status, code) => {
    const answer = await call('/v1/things', { key });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(await codeOf(answer)).toEqual([status, code]);
  });

  it('wants the scope, and hides what belongs to another organization', async () => {
    expect((await call('/v1/things', { key: reader.key })).status).toBe(200);
    const body = {
      method: 'POST',
      body: '{"size":1}',
      headers: { 'content-type': 'application/json' },
    };
    expect(await codeOf(await call('/v1/things', { ...body, key: reader.key }))).toEqual([
      403,
      'missing_scope',
    ]);
    expect(await codeOf(await call('/v1/things/of-org', { key: reader.key }))).toEqual([
      404,
      'unknown_organization',
    ]);
  });

  it('says 404 for what is not there and 405 with allow for a method that a route lacks', async () => {
    expect(await codeOf(await call('/v1/nothing'))).toEqual([404, 'unknown_route']);
    const answer = await call('/v1/things', { method: 'DELETE' });
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
    expect(await codeOf(await post(body, { 'content-type': type }))).toEqual([status, code]);
  });

  it('tells nothing of an unknown error and asks to retry when the log is away', async () => {
    const answer = await call('/v1/things/broken');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    failNext = true;
    const away = await post({ size: 1 });
    failNext = false;
    expect(away.headers.get('retry-after')).toBe('1');
    expect(await codeOf(away)).toEqual([503, 'log_unavailable']);
  });

  it('replays the first answer of an idempotency key', async () => {
    const key = { 'idempotency-key': 'order-0001' };
    failNext = true;
    expect((await post({ size: 2 }, key)).status).toBe(503);
    failNext = false;
    const first = await post({ size: 2 }, key);
    const again = await post({ size: 2 }, key);
    expect(again.status).toBe(first.status);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    expect(await codeOf(await post({ size: 3 }, key))).toEqual([422, 'idempotency_key_reused']);
    expect(await codeOf(await post({ size: 3 }, { 'idempotency-key': 'short' }))).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('runs once when fifty requests share a key', async () => {
    const before = made;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () =>
        post({ size: 9 }, { 'idempotency-key': 'fifty-at-once' }),
      ),
    );
    expect(made).toBe(before + 1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  it('adds the error object on routes in the shape of OpenAI, before and after the guard', async () => {
    const refused = await call('/v1/organization/usage/completions?limit=0');
    expect(await refused.json()).toMatchObject({
      error: { type: 'invalid_request_error', param: 'limit' },
    });
    const missing = await call('/v1/organization/usage/completions', { key: null });
    expect(await missing.json()).toMatchObject({ error: { code: 'missing_api_key', param: null } });
  });

  it('is ready until something says no', async () => {
    expect((await call('/health/live', { key: null })).status).toBe(200);
    expect((await call('/health/ready', { key: null })).status).toBe(200);
    reasons = ['usage.recorded[3] is halted'];
    const answer = await call('/health/ready', { key: null });
    reasons = [];
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ reasons: ['usage.recorded[3] is halted'] });
  });

  it('describes its routes, parameters, bodies and keys', async () => {
    const document = (await (await call('/openapi.json', { key: null })).json()) as Record<
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
    expect(await (await call('/metrics', { key: null })).text()).toMatch(
      /meterbook_http_request_seconds_count\{.*route="\/v1\/things"/,
    );
  });
});

describe('a route that says neither its scope nor that it is public', () => {
  @Controller('v1/forgotten')
  class ForgottenController {
    @Get()
    read(): string {
      return 'x';
    }
  }

  it('is refused to everyone but an admin', async () => {
    const module = {
      module: Tried,
      controllers: [ForgottenController],
      providers: [
        ...authProviders(admin.key, () => now),
        { provide: KeyDirectory, useClass: FixedKeys },
      ],
    };
    const options = {
      name: 'test',
      logger: createLogger('test', 'silent'),
      metrics: new Metrics('test'),
    };
    const app = await createApp(module, options);
    await app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await app.getUrl()}/v1/forgotten`, {
      headers: { authorization: `Bearer ${reader.key}` },
    });
    await app.close();
    expect(answer.status).toBe(403);
  });
});
