// The whole of quota behind real HTTP for specs: the app of a stand on a free port, asked with the admin key unless told otherwise.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp } from '#libs/http/app.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { type QuotaParts, quotaRunners } from '../consumers/quota-runners.js';
import { rateLimitServer } from '../grpc/rate-limit-server.js';
import { QuotaModule } from '../quota.module.js';
import type { Stand } from './stand.js';

export interface DoorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  readonly body: Record<string, unknown>;
}

export interface Door {
  readonly base: string;
  readonly adminKey: string;
  ask(path: string, init?: RequestInit): Promise<DoorAnswer>;
  close(): Promise<void>;
}

/** `change` may replace parts, and `grpcPort` opens Envoy's door too; closing the door leaves the stand open. */
export async function openDoor(
  stand: Stand,
  { grpcPort, ...change }: Partial<QuotaParts> & { readonly grpcPort?: number } = {},
): Promise<Door> {
  const adminKey = change.adminKey ?? newApiKey().key;
  const parts = { ...stand.parts(), ...change, adminKey };
  const server = new ProjectionServer(quotaRunners(parts));
  const app: NestFastifyApplication = await createApp(QuotaModule.with(parts, server), {
    name: 'quota',
    logger: parts.logger,
    metrics: parts.metrics,
  });
  app.connectMicroservice({ strategy: server });
  if (grpcPort !== undefined)
    app.connectMicroservice(rateLimitServer({ host: '127.0.0.1', port: grpcPort }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  await app.startAllMicroservices();
  const base = await app.getUrl();
  return {
    base,
    adminKey,
    ask: async (path, init = {}) => {
      const own = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
      const headers = { ...own, ...(init.headers as Record<string, string> | undefined) };
      const answer = await fetch(`${base}${path}`, { ...init, headers });
      const text = await answer.text();
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      return { status: answer.status, headers: answer.headers, text, body };
    },
    close: async () => app.close(),
  };
}
