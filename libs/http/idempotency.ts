// Idempotency-Key: the first answer is kept for 7 days and replayed; another body is 422, a request that still runs is 409.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { changed, rows } from '../database/database.js';
import { callerOf } from './auth.js';
import { invalidField, Problem } from './problem.js';

const IDEMPOTENT = 'meterbook:idempotent';
/** A run that died is taken over after this long; no handler takes longer than the 30 s of a request. */
const LOCK_SECONDS = 60;

/** On a POST that creates: honours the header `idempotency-key` (8 to 128 visible ASCII characters). */
export const Idempotent = (): MethodDecorator => SetMetadata(IDEMPOTENT, true);

/** The table `idempotency_key`; rows older than 7 days are removed as new ones come. */
export class CreateIdempotency1760000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE idempotency_key (
      caller text NOT NULL, route text NOT NULL, key text NOT NULL, request_hash text NOT NULL,
      body bytea, locked_until timestamptz NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (caller, route, key))`);
    await runner.query('CREATE INDEX idempotency_key_created ON idempotency_key (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_key');
  }
}

interface Claim {
  /** What seals the kept answer: known to the caller alone, so that the table holds no secret in the clear. */
  readonly seal: Buffer;
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  readonly hash: string;
}

/** Register as APP_INTERCEPTOR in an app whose database has the table. Only answers of success are kept. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly source: DataSource,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || !this.reflector.get<boolean>(IDEMPOTENT, context.getHandler()))
      return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(key))
      throw invalidField('idempotency-key', 'must be 8 to 128 visible ASCII characters');
    const claim = claimOf(request, key);
    const kept = await this.claim(claim);
    if (kept !== undefined) {
      void http.getResponse<FastifyReply>().header('idempotency-replayed', 'true');
      return from([kept.body]);
    }
    return from(this.run(claim, next));
  }

  private async run(claim: Claim, next: CallHandler): Promise<unknown> {
    const at = [claim.caller, claim.route, claim.key];
    const where = 'WHERE caller = $1 AND route = $2 AND key = $3';
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      const text = sealed(JSON.stringify(body ?? null), claim.seal);
      await changed(this.source, `UPDATE idempotency_key SET body = $4 ${where}`, [...at, text]);
      return body;
    } catch (error) {
      // A refusal or a fault is decided afresh when it is tried again.
      await changed(this.source, `DELETE FROM idempotency_key ${where} AND body IS NULL`, at);
      throw error;
    }
  }

  /** The kept answer, or undefined when this request is the one that runs. */
  private async claim({
    caller,
    route,
    key,
    hash,
    seal,
  }: Claim): Promise<{ body: unknown } | undefined> {
    const lock = `now() + interval '${LOCK_SECONDS} seconds'`;
    await changed(
      this.source,
      `DELETE FROM idempotency_key WHERE created_at < now() - interval '7 days'`,
    );
    const mine = await rows(
      this.source,
      `INSERT INTO idempotency_key AS known (caller, route, key, request_hash, locked_until) VALUES ($1, $2, $3, $4, ${lock})
       ON CONFLICT (caller, route, key) DO UPDATE SET locked_until = ${lock}
       WHERE known.body IS NULL AND known.locked_until < now() AND known.request_hash = $4 RETURNING key`,
      [caller, route, key, hash],
    );
    if (mine.length > 0) return undefined;
    const [known] = await rows<{ request_hash: string; body: Buffer | null }>(
      this.source,
      'SELECT request_hash, body FROM idempotency_key WHERE caller = $1 AND route = $2 AND key = $3',
      [caller, route, key],
    );
    if (known && known.request_hash !== hash)
      throw new Problem(
        422,
        'idempotency_key_reused',
        'This Idempotency-Key was used with another request body.',
      );
    if (!known || known.body === null)
      throw new Problem(
        409,
        'idempotency_key_in_use',
        'The first request with this Idempotency-Key is still running.',
        {
          headers: { 'retry-after': '1' },
        },
      );
    return { body: JSON.parse(opened(known.body, seal)) as unknown };
  }
}

function claimOf(request: FastifyRequest, key: string): Claim {
  const { body } = request;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? null));
  return {
    caller: callerOf(request)?.keyId ?? 'public',
    route: `${request.method} ${request.url}`,
    key,
    hash: createHash('sha256').update(bytes).digest('hex'),
    seal: createHash('sha256')
      .update(`idempotency\n${key}\n${request.headers.authorization ?? ''}`)
      .digest(),
  };
}

// AES-256-GCM under a key made of the caller's own API key: 12 bytes of nonce, 16 of tag, then the text.
function sealed(text: string, seal: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', seal, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function opened(bytes: Buffer, seal: Buffer): string {
  const cipher = createDecipheriv('aes-256-gcm', seal, bytes.subarray(0, 12));
  cipher.setAuthTag(bytes.subarray(12, 28));
  return cipher.update(bytes.subarray(28), undefined, 'utf8') + cipher.final('utf8');
}
