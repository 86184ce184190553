// Passes /v1/*, /api/v1/* and the published document to the service that has the route, as streams in both directions.
import replyFrom from '@fastify/reply-from';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ClientAddresses } from '#libs/http/client-address.js';
import { pathOf, sendProblem } from '#libs/http/problem-answer.js';
import { problemOf } from '#libs/http/problem-filter.js';
import { Problem } from '#libs/http/problem.js';
import { PUBLIC_ROUTE } from '#libs/http/route-facts.js';
import { sharedMethods, upstreamOf } from '../domain/routing.js';
import type { SessionCookie } from './session-cookie.js';
import { serviceAway, type Upstreams } from './upstreams.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** Above the longest answer that a service may take: a read that waits 30 s for its positions. */
const DEADLINE_MS = 65_000;
/** Headers of a browser that services have no use for. */
const NOT_FORWARDED = ['cookie', 'x-meterbook-csrf', 'origin', 'referer'];

export interface Passage {
  readonly upstreams: Upstreams;
  readonly cookie: SessionCookie;
  readonly addresses: ClientAddresses;
}

/** Registers the routes; in a scope of its own, whose bodies are passed on unread. */
export async function forward(server: FastifyInstance, passage: Passage): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    // No retries here: whether a request may be sent again is its sender's to say.
    await scope.register(replyFrom, {
      retryMethods: [],
      disableRequestLogging: true,
      undici: { headersTimeout: DEADLINE_MS, bodyTimeout: DEADLINE_MS, connections: 256 },
    });
    // A scope of its own has an error writer of its own.
    scope.setErrorHandler((error, request, reply) =>
      sendProblem(request, reply, problemOf(error, request)),
    );
    for (const url of ['/v1/*', '/api/v1/*', '/.well-known/*'])
      scope.route({
        method: [...METHODS],
        url,
        config: PUBLIC_ROUTE,
        handler: async (request, reply) => pass(request, reply, passage),
      });
  });
}

async function pass(
  request: FastifyRequest,
  reply: FastifyReply,
  { upstreams, cookie, addresses }: Passage,
): Promise<FastifyReply> {
  const path = pathOf(request);
  // A path with dot segments would be chosen by one name and arrive under another: /v1/usage/../../metrics.
  const isPlain = new URL(path, 'http://edge').pathname === path;
  const shared = isPlain ? sharedMethods(path) : undefined;
  if (shared && !shared.includes(request.method)) return answerShared(request, reply, path, shared);
  const name = isPlain ? upstreamOf(request.method, path) : undefined;
  if (name === undefined) throw new Problem(404, 'unknown_route', `There is nothing at ${path}.`);
  const key = request.headers.authorization ?? sessionKey(request, cookie);
  return reply.from(`${upstreams.urlOf(name)}${path}`, {
    rewriteRequestHeaders: (_request, headers) => {
      const forwarded = {
        ...headers,
        'x-request-id': request.id,
        // Services hold addresses back that send wrong keys: ours would stand for everyone's.
        'x-forwarded-for': addresses.forwardedFor(request),
      };
      for (const header of NOT_FORWARDED) delete (forwarded as Record<string, unknown>)[header];
      return key === undefined ? forwarded : { ...forwarded, authorization: key };
    },
    rewriteHeaders: (headers) => withoutStale(headers, key !== undefined),
    onError: () => sendProblem(request, reply, serviceAway(name)),
  });
}

// OPTIONS, or a method that neither of the path's services has: each of them would name only its own in `allow`.
function answerShared(
  { method }: FastifyRequest,
  reply: FastifyReply,
  path: string,
  methods: readonly string[],
): FastifyReply {
  const allow = methods.join(', ');
  if (method === 'OPTIONS') return reply.status(204).header('allow', `${allow}, OPTIONS`).send();
  const detail = `${path} takes ${allow}, not ${method}.`;
  throw new Problem(405, 'method_not_allowed', detail, { headers: { allow } });
}

// A key in a header needs no cookie and no proof of where it comes from: no browser sends it by itself.
function sessionKey(request: FastifyRequest, cookie: SessionCookie): string | undefined {
  const session = cookie.admit(request);
  return session && `Bearer ${session.key}`;
}

// What a key could read is the key holder's: a shared cache must not keep it.
function withoutStale<Headers extends object>(headers: Headers, isPrivate: boolean): Headers {
  if (!isPrivate || 'cache-control' in headers) return headers;
  return { ...headers, 'cache-control': 'no-store' };
}
