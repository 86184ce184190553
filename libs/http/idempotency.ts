// Idempotency-Key: the first answer of success is kept for 7 days and replayed; another body is 422, a request that still runs is
// 409. A refusal or a fault is decided afresh when it is tried again.
import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { DataSource } from 'typeorm';
import { callerOf } from './auth.js';
import { exactJson } from './exact-json.js';
import { type Claim, CreateIdempotencyTable, IdempotencyTable } from './idempotency-table.js';
import { invalidField } from './problem.js';
import { routeFacts } from './route-facts.js';
import { seal, unseal } from './sealed.js';

const IDEMPOTENT = 'meterbook:idempotent';
/** Said anew of each answer. */
const OWN_HEADERS = new Set(['x-request-id', 'connection', 'date', 'content-length']);

/** On a POST that creates: honours the header `idempotency-key` (8 to 128 visible ASCII characters). */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(SetMetadata(IDEMPOTENT, true), routeFacts({ idempotent: true }));

/** Creates the table `idempotency_key`. */
export class CreateIdempotency1760000000002 extends CreateIdempotencyTable {}

interface Kept {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** null: an answer without a body. */
  readonly text: string | null;
}

/** Register as APP_INTERCEPTOR in an app whose database has the table. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly table: IdempotencyTable;

  constructor(
    private readonly reflector: Reflector,
    source: DataSource,
  ) {
    this.table = new IdempotencyTable(source);
  }

  intercept(
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> | Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || !this.reflector.get<boolean>(IDEMPOTENT, context.getHandler()))
      return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(key))
      throw invalidField('idempotency-key', 'must be 8 to 128 visible ASCII characters');
    return this.once(claimOf(request, key), http.getResponse<FastifyReply>(), next);
  }

  private async once(
    claim: Claim & { readonly secret: Buffer },
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const lock = await this.table.claim(claim);
    if ('kept' in lock) {
      const { status, headers, text } = JSON.parse(unseal(lock.kept, claim.secret)) as Kept;
      void reply.status(status).headers({ ...headers, 'idempotency-replayed': 'true' });
      return of(text === null ? undefined : Buffer.from(text));
    }
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      if (reply.statusCode >= 400) {
        // A refusal in another's words (a vendor's 429) is an answer here, and as little remembered.
        await this.table.release(claim, lock.until);
        return of(body);
      }
      const kept = exactJson(answerOf(reply, body));
      await this.table.keep(claim, lock.until, seal(kept, claim.secret));
      return of(body);
    } catch (error) {
      await this.table.release(claim, lock.until);
      throw error;
    }
  }
}

function answerOf(reply: FastifyReply, body: unknown): Kept {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (!OWN_HEADERS.has(name) && value !== undefined) headers[name] = String(value);
  if (body !== undefined) headers['content-type'] ??= 'application/json; charset=utf-8';
  const text = body === undefined ? null : exactJson(body);
  return { status: reply.statusCode, headers, text };
}

// What seals the kept answer is known to the caller alone, so that the table holds no secret in the clear.
function claimOf(request: FastifyRequest, key: string): Claim & { readonly secret: Buffer } {
  const { body } = request;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? null));
  return {
    caller: callerOf(request)?.keyId ?? 'public',
    route: `${request.method} ${request.url}`,
    key,
    hash: createHash('sha256').update(bytes).digest('hex'),
    secret: createHash('sha256')
      .update(`idempotency\n${key}\n${request.headers.authorization ?? ''}`)
      .digest(),
  };
}
