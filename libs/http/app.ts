// Builds a service's HTTP application: problems, keys, validation, request ids, health, metrics, OpenAPI; and runs it until a signal.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppOptions } from './app-options.js';
import { AT_LEAST_HEADER } from './at-least.js';
import { callerOf } from './auth.js';
import { exactJson } from './exact-json.js';
import { nestLogger } from './nest-logger.js';
import { assertRoutesAreGuarded } from './openapi.js';
import { addPlatformRoutes } from './platform-routes.js';
import { ProblemFilter } from './problem-filter.js';
import { Problem } from './problem.js';
import { RouteTable } from './route-table.js';
import { ContractValidationPipe } from './validation-pipe.js';

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const STOP_DEADLINE_MS = 10_000;

/** Creates the app, not yet listening. The module must provide `KeyDirectory`; it may provide `Readiness`. */
export async function createApp(
  module: Type | DynamicModule,
  options: AppOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimit ?? 1_048_576,
    genReqId: requestId,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 300 },
    http: { maxHeaderSize: 16_384, headersTimeout: 10_000 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(options.logger),
    abortOnError: false,
    forceCloseConnections: true,
  });
  const routes = new RouteTable();
  const filter = new ProblemFilter(routes, options.logger);
  const server = app.getHttpAdapter().getInstance();
  server.setReplySerializer(exactJson);
  server.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  server.addHook('onRequest', beforeRequest);
  server.addHook('onResponse', (request, reply, done) => {
    afterResponse(request, reply, options);
    done();
  });
  app.useGlobalFilters(filter);
  app.useGlobalPipes(new ContractValidationPipe());
  addPlatformRoutes(app, options);
  return app;
}

/** Lets handlers take these media types as a Buffer; a body above `limitBytes` is 413. */
export function rawBodies(
  app: NestFastifyApplication,
  mediaTypes: readonly string[],
  limitBytes: number,
): void {
  const server = app.getHttpAdapter().getInstance();
  const options = { parseAs: 'buffer' as const, bodyLimit: limitBytes };
  for (const mediaType of mediaTypes) {
    if (server.hasContentTypeParser(mediaType)) server.removeContentTypeParser(mediaType);
    server.addContentTypeParser(mediaType, options, (_request, body, done) => done(null, body));
  }
}

/** Listens, and on SIGTERM or SIGINT finishes what runs and exits 0, or 1 when that takes more than 10 s. */
export async function serve(
  app: NestFastifyApplication,
  at: { host: string; port: number },
): Promise<void> {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  assertRoutesAreGuarded(app);
  await app.listen(at.port, at.host);
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function beforeRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  void reply.header('x-request-id', request.id);
  const atLeast = request.headers['meterbook-at-least'];
  // On a symbol: a route that does not read it must not see a parameter that it does not know.
  if (typeof atLeast === 'string')
    Object.defineProperty(request.query, AT_LEAST_HEADER, { value: atLeast });
  if (
    request.headers['transfer-encoding'] !== undefined &&
    request.headers['content-length'] !== undefined
  )
    done(
      new Problem(
        400,
        'invalid_request',
        'A request has a content-length or a transfer-encoding, not both.',
      ),
    );
  else done();
}

function afterResponse(request: FastifyRequest, reply: FastifyReply, options: AppOptions): void {
  const route = request.routeOptions.url ?? 'none';
  const seconds = reply.elapsedTime / 1_000;
  options.metrics.httpSeconds
    .labels(request.method, route, String(reply.statusCode))
    .observe(seconds);
  if (options.logRequests === false || route.startsWith('/health') || route === '/metrics') return;
  options.logger.info({
    request_id: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 100) / 100,
    key_id: callerOf(request)?.keyId,
  });
}
