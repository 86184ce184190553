// The server that quota is measured against: the same framework, keys, validation and body sizes, and behind them no check at all,
// or one point of rate-limiter-flexible on Postgres, in memory or in Redis. Started by bench/quota.ts as a process of its own.
import { Body, Controller, type DynamicModule, Module, Post, Res } from '@nestjs/common';
import { IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import { AccountStore } from '../libs/accounts/account.store.js';
import { StoredKeyDirectory } from '../libs/accounts/stored-key-directory.js';
import { Environment } from '../libs/config/environment.js';
import { openDatabase } from '../libs/database/database.js';
import { createApp, serve } from '../libs/http/app.js';
import { authProviders, RequireScope } from '../libs/http/auth.js';
import { IsCount, IsOrganizationId } from '../libs/http/fields.js';
import { KeyDirectory } from '../libs/http/keys.js';
import { Readiness } from '../libs/http/readiness.js';
import { createLogger } from '../libs/telemetry/logger.js';
import { Metrics } from '../libs/telemetry/metrics.js';

export const CHECKS = ['none', 'postgres', 'memory', 'redis'] as const;

/** Points that no run uses up: every check is a success, as it is for quota. */
const POINTS = { points: 1_000_000_000, duration: 60, keyPrefix: 'bench' };

abstract class Check {
  abstract consume(organization: string): Promise<unknown>;
}

class ReserveBody {
  @Length(1, 256)
  request_id!: string;
  @IsOrganizationId()
  organization!: string;
  @Length(1, 256)
  model!: string;
  @IsCount()
  input_tokens!: number;
  @IsOptional()
  @IsCount()
  max_output_tokens?: number;
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(86_400)
  ttl_seconds?: number;
}

@Controller('v1/reservations')
class PeerController {
  constructor(private readonly check: Check) {}

  @Post()
  @RequireScope('quota:reserve')
  async reserve(@Body() body: ReserveBody, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.check.consume(body.organization);
    void reply.headers(HEADERS);
    const held = { requests: 1, tokens: body.input_tokens, spend_exact: '0.00071' };
    return { ...ANSWER, request_id: body.request_id, held };
  }
}

/** As large as an answer of quota. */
const ANSWER = {
  id: 'rsv_01KAWN9T3GZ2V6Q5W8YB4M7XRD',
  decision_id: 'dec_01KAWN9T3GZ2V6Q5W8YB4M7XRD',
  state: 'held',
  expires_at: '2026-11-24T09:40:00.120Z',
};
const HEADERS = {
  'x-ratelimit-limit-requests': '14400',
  'x-ratelimit-remaining-requests': '14399',
  'x-ratelimit-reset-requests': '6s',
  'x-ratelimit-limit-tokens': '250000',
  'x-ratelimit-remaining-tokens': '249969',
  'x-ratelimit-reset-tokens': '7.44ms',
  'meterbook-decision-id': 'dec_01KAWN9T3GZ2V6Q5W8YB4M7XRD',
};

@Module({})
class PeerModule {
  static with(check: Check, keys: KeyDirectory, adminKey: string): DynamicModule {
    return {
      module: PeerModule,
      controllers: [PeerController],
      providers: [
        ...authProviders(adminKey, Date.now),
        { provide: KeyDirectory, useValue: keys },
        { provide: Check, useValue: check },
        { provide: Readiness, useValue: { reasons: async () => [] } },
      ],
    };
  }
}

async function checkOf(name: (typeof CHECKS)[number], environment: Environment): Promise<Check> {
  if (name === 'none') return { consume: async () => undefined };
  if (name === 'memory') return new RateLimiterMemory(POINTS);
  if (name === 'redis') {
    const port = environment.integer('REDIS_PORT', 6379);
    return new RateLimiterRedis({ ...POINTS, storeClient: new Redis(port, '127.0.0.1') });
  }
  // Ten connections, as quota's own pool has.
  const pool = new Pool({ connectionString: environment.text('PEER_DATABASE_URL'), max: 10 });
  const options = { ...POINTS, storeClient: pool, storeType: 'pool', tableName: 'bench_limits' };
  return new Promise((resolve, reject) => {
    const limiter: RateLimiterPostgres = new RateLimiterPostgres(options, (error) =>
      error ? reject(error) : resolve(limiter),
    );
  });
}

const environment = new Environment(process.env);
const url = environment.url('DATABASE_URL', ['postgres:', 'postgresql:']);
const source = await openDatabase({ url, name: 'bench peer', poolSize: 10 });
const keys = new StoredKeyDirectory(new AccountStore(source));
const check = await checkOf(environment.oneOf('CHECK', CHECKS, 'none'), environment);
const logger = createLogger('peer', 'warn');
const module = PeerModule.with(check, keys, environment.text('MB_ADMIN_KEY'));
const app = await createApp(module, { name: 'peer', logger, metrics: new Metrics('peer') });
await serve(app, { host: '127.0.0.1', port: environment.integer('PORT', 0) });
