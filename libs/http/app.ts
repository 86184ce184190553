// Builds a service's HTTP application: problems, keys, validation, request ids, health, metrics, OpenAPI; and runs it until a signal.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppOptions } from './app-options.js';
import { Authenticator } from './authenticator.js';
import { limitConnections } from './connection-limits.js';
import { DrainingAdapter } from './draining-adapter.js';
import { exactJson } from './exact-json.js';
import { KeyDoor } from './key-door.js';
import { parseJsonBody } from './json-body.js';
import { type ListenAddress, listenForScrapers } from './metrics-listener.js';
import { nestLogger } from './nest-logger.js';
import { addPlatformRoutes } from './platform-routes.js';
import { answerSocket, sendProblem } from './problem-answer.js';
import { ProblemFilter, problemOf } from './problem-filter.js';
import { Problem } from './problem.js';
import { gateRoute } from './request-gate.js';
import { greetRequest } from './request-greeting.js';
import { noteAnswers, noteUnrouted } from './request-log.js';
import { RouteTable } from './route-table.js';
import { runUntilSignal } from './until-signal.js';
import { ContractValidationPipe } from './validation-pipe.js';

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const optionsOf = new WeakMap<NestFastifyApplication, AppOptions>();

/** Creates the app, not yet listening. The module must provide `KeyDirectory`; it may provide `Readiness`. */
export async function createApp(
  module: Type | DynamicModule,
  options: AppOptions,
): Promise<NestFastifyApplication> {
  const adapter = adapterOf(options);
  if (options.onDraining) adapter.onDraining = options.onDraining;
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(options.logger),
    abortOnError: false,
    bodyParser: false,
  });
  optionsOf.set(app, options);
  const routes = new RouteTable();
  const server = app.getHttpAdapter().getInstance();
  server.setReplySerializer(exactJson);
  takeJson(server);
  let authenticator: Authenticator | undefined;
  const keys = new KeyDoor(
    options,
    () => (authenticator ??= app.get<Authenticator>(Authenticator, { strict: false })),
  );
  server.addHook('onRoute', (route) => {
    gateRoute(route, keys);
    noteAnswers(route, options);
    routes.add(route.method, route.url, route.config?.meterbook ?? {});
  });
  server.addHook('onRequest', greetRequest(routes, adapter));
  noteUnrouted(server, options);
  app.useGlobalFilters(new ProblemFilter(options.logger));
  app.useGlobalPipes(new ContractValidationPipe());
  addPlatformRoutes(app, options, routes);
  limitConnections(app.getHttpServer(), options.addresses);
  return app;
}

/**
 * Listens, and on SIGTERM or SIGINT finishes what runs and exits 0, or 1 when that takes more than 10 s. `metrics` is where
 * scrapers from elsewhere ask without a key; without it they need one.
 */
export async function serve(
  app: NestFastifyApplication,
  at: ListenAddress & { readonly metrics?: ListenAddress | undefined },
): Promise<void> {
  const options = optionsOf.get(app);
  if (!options) throw new TypeError('serve takes an app that createApp made');
  if (at.metrics) await listenForScrapers(options.metrics, at.metrics);
  await app.listen(at.port, at.host);
  runUntilSignal(app, options.logger);
  options.logger.info({ url: await app.getUrl() }, 'listening');
}

function adapterOf(options: AppOptions): DrainingAdapter {
  return new DrainingAdapter({
    bodyLimit: options.bodyLimit ?? 1_048_576,
    genReqId: requestId,
    // The whole request has to arrive in this time; an answer may take longer.
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300 },
    // Both time limits are looked at every second, not every 30 s as Node has it.
    http: {
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      requireHostHeader: false,
    },
    clientErrorHandler: answerSocket,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('x-request-id', request.id);
      sendProblem(request, reply, problemOf(error, request));
    },
  });
}

function takeJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity')
      throw new Problem(
        415,
        'unsupported_content_encoding',
        'This route takes JSON without a content-encoding.',
      );
    done(null, parseJsonBody(body as Buffer));
  });
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
