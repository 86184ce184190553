// A small service with one controller of each kind, for the specs of what every service has.
import { Body, Controller, Get, HttpCode, Module, Post, Query, Res } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { createLogger } from '../../telemetry/logger.js';
import { Metrics } from '../../telemetry/metrics.js';
import { freshDatabase } from '../../testing/postgres.js';
import { LogUnavailable } from '../../log/event-log.js';
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
import { KeyDirectory } from '../keys.js';
import { OpenAiErrors } from '../openai-errors.js';
import { PageQuery } from '../page.js';
import { Readiness } from '../readiness.js';
import { admin, FixedKeys, now } from './stand-keys.js';

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

/** What the specs look at and set. */
export const state = { made: 0, failNext: false, reasons: [] as string[] };

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
    if (state.failNext) throw new LogUnavailable('away');
    state.made += 1;
    return { size: body.size, made: state.made, secret: 'whsec_shown-once' };
  }

  @Post('located')
  @HttpCode(202)
  @RequireScope('billing:write')
  @Idempotent()
  locate(@Res({ passthrough: true }) reply: FastifyReply): unknown {
    state.made += 1;
    reply.header('location', '/v1/things/1');
    return { made: state.made, big: 2n ** 60n };
  }

  @Post('silent')
  @HttpCode(204)
  @RequireScope('billing:write')
  @Idempotent()
  silent(): void {
    state.made += 1;
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
export class Tried {}

export interface Stand {
  readonly source: DataSource;
  call(path: string, init?: RequestInit & { key?: string | null }): Promise<Response>;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function openStand(): Promise<Stand> {
  const source = await freshDatabase([CreateIdempotency1760000000002]);
  const module = {
    module: Tried,
    controllers: [ThingController, OpenAiController],
    providers: [
      ...authProviders(admin.key, () => now),
      { provide: KeyDirectory, useClass: FixedKeys },
      { provide: DataSource, useValue: source },
      { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      { provide: Readiness, useValue: { reasons: async () => state.reasons } },
    ],
  };
  const app = await createApp(module, {
    name: 'test',
    logger: createLogger('test', 'silent'),
    metrics: new Metrics('test'),
    bodyLimit: 1_000,
  });
  await app.listen(0, '127.0.0.1');
  const base = await app.getUrl();
  const call: Stand['call'] = async (path, { key = admin.key, headers, ...rest } = {}) => {
    const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
    return fetch(base + path, { ...rest, headers: { ...authorization, ...(headers as object) } });
  };
  return {
    source,
    call,
    post: async (body, headers = {}) =>
      call('/v1/things', {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    close: async () => {
      await app.close();
      await source.destroy();
    },
  };
}

export async function codeOf(answer: Response): Promise<[number, string]> {
  const { code } = (await answer.json()) as { code: string };
  return [answer.status, code];
}
