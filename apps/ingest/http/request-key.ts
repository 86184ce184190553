// Which request a fact came from. The door keeps answers by Idempotency-Key; this key makes a repeat whose first answer was 503
// or was lost find the fact that is in the outbox already, instead of granting a credit twice.
import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Hash of caller, Idempotency-Key, route and body; null without the header. */
export const RequestKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return requestKeyOf(request, JSON.stringify(request.body ?? null));
  },
);

/** The same for a body that is read as bytes. */
export function requestKeyOf(request: FastifyRequest, body: string | Buffer): string | null {
  const named = request.headers['idempotency-key'];
  if (typeof named !== 'string') return null;
  const hash = createHash('sha256');
  for (const part of [request.headers.authorization ?? '', named, request.method, request.url])
    hash.update(`${part.length}:${part}`);
  return hash.update(body).digest('hex');
}
