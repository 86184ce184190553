// The wiring of the edge: the console and every route of the services on one port. It keeps nothing. Read it to see every part.
import cookies from '@fastify/cookie';
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createApp } from '#libs/http/app.js';
import { ClientAddresses } from '#libs/http/client-address.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import type { Clock } from '#libs/time/instant.js';
import type { Upstream } from './domain/routing.js';
import { serveConsole } from './http/console-files.js';
import { forward } from './http/forwarding.js';
import { LiveUpdates } from './http/live-updates.js';
import { LiveController } from './http/live.controller.js';
import { MergedOpenApi } from './http/merged-openapi.js';
import { SessionCookie } from './http/session-cookie.js';
import { SESSION_CLOCK, SessionController } from './http/session.controller.js';
import { Upstreams } from './http/upstreams.js';

export interface EdgeParts {
  readonly urls: Readonly<Record<Upstream, string>>;
  /** Seals sessions; the same on every instance. */
  readonly sessionSecret: string;
  /** Browsers reach the edge over https. */
  readonly secure: boolean;
  /** Whose word on a caller's address counts; of proxies on this machine when absent. */
  readonly addresses?: ClientAddresses;
  /** The folder of the built console. */
  readonly console: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

@Module({})
export class EdgeModule {
  static with(parts: EdgeParts, upstreams: Upstreams, updates: LiveUpdates): DynamicModule {
    const { clock, sessionSecret: secret, secure } = parts;
    const cookie = new SessionCookie({ secret, secure, clock });
    return {
      module: EdgeModule,
      controllers: [SessionController, LiveController],
      providers: [
        { provide: Upstreams, useValue: upstreams },
        { provide: SessionCookie, useValue: cookie },
        { provide: LiveUpdates, useValue: updates },
        { provide: SESSION_CLOCK, useValue: clock },
        { provide: ClientAddresses, useValue: parts.addresses ?? new ClientAddresses() },
      ],
    };
  }
}

/** The edge's application, not yet listening. */
export async function createEdge(parts: EdgeParts): Promise<NestFastifyApplication> {
  const { logger, metrics, clock, secure } = parts;
  const upstreams = new Upstreams(parts.urls);
  const merged = new MergedOpenApi(upstreams, clock);
  const updates = new LiveUpdates(upstreams);
  const app = await createApp(EdgeModule.with(parts, upstreams, updates), {
    name: 'edge',
    logger,
    metrics,
    onDraining: () => updates.end(),
    openApi: async (own) => merged.of(own as never),
  });
  const server = app.getHttpAdapter().getInstance();
  await server.register(cookies);
  await forward(server, {
    upstreams,
    cookie: app.get(SessionCookie),
    addresses: app.get(ClientAddresses),
  });
  await serveConsole(server, parts.console, secure);
  return app;
}
