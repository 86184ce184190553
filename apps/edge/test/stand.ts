// An edge on a free port before four small services that note what reaches them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { newApiKey } from '#libs/http/api-key.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { UPSTREAMS, type Upstream } from '../domain/routing.js';
import { createEdge } from '../edge.module.js';

export const NOW = Date.UTC(2026, 10, 24, 9, 30);
/** The one key that the small services know. */
export const KEY = newApiKey().key;

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (request: Seen, reply: ServerResponse) => void;

class SmallService {
  readonly seen: Seen[] = [];
  answer: Answer;
  private server: Server;
  port = 0;

  constructor(readonly name: Upstream) {
    this.answer = (_seen, reply) => {
      reply.setHeader('content-type', 'application/json');
      reply.end(JSON.stringify({ from: name }));
    };
    this.server = this.make();
  }

  async start(port = 0): Promise<void> {
    this.server = this.make();
    await new Promise<void>((resolve) => {
      this.server.listen(port, '127.0.0.1', resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private make(): Server {
    return createServer((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const seen = { method, url, headers, body: Buffer.concat(parts).toString() };
        this.seen.push(seen);
        if (url === '/openapi.json') json(reply, 200, { paths: {} });
        else this.answer(seen, reply);
      });
    });
  }
}

/** JSON with a status. */
export function json(reply: ServerResponse, status: number, body: unknown): void {
  reply.statusCode = status;
  reply.setHeader('content-type', 'application/json');
  reply.end(JSON.stringify(body));
}

export class EdgeStand {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly services: Readonly<Record<Upstream, SmallService>>,
    private readonly folder: string,
    private readonly at: { now: number },
  ) {}

  static async start(secure = false): Promise<EdgeStand> {
    const services = Object.fromEntries(
      UPSTREAMS.map((name) => [name, new SmallService(name)]),
    ) as Record<Upstream, SmallService>;
    await Promise.all(Object.values(services).map(async (service) => service.start()));
    services.ingest.answer = knowsKey;
    const folder = mkdtempSync(join(tmpdir(), 'meterbook-edge-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Meterbook</title>');
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'export {};');
    const at = { now: NOW };
    const app = await createEdge({
      urls: Object.fromEntries(
        UPSTREAMS.map((name) => [name, `http://127.0.0.1:${services[name].port}`]),
      ) as Record<Upstream, string>,
      sessionSecret: 'a secret of the spec, 32 characters long or more',
      secure,
      console: folder,
      clock: () => at.now,
      logger: pino({ level: 'silent' }),
      metrics: new Metrics('edge'),
    });
    await app.listen(0, '127.0.0.1');
    return new EdgeStand(app, await app.getUrl(), services, folder, at);
  }

  set now(now: number) {
    this.at.now = now;
  }

  async ask(method: string, path: string, options: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { method, redirect: 'manual', ...options });
  }

  /** Signs in; gives the cookie as a request sends it. */
  async signIn(key = KEY): Promise<string> {
    const answer = await this.ask('POST', '/session', {
      headers: { 'content-type': 'application/json', 'x-meterbook-csrf': '1' },
      body: JSON.stringify({ key }),
    });
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
    return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  }

  async stop(): Promise<void> {
    await this.app.close();
    await Promise.all(Object.values(this.services).map(async (service) => service.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// What ingest says of a key at GET /v1/api-keys/current.
function knowsKey({ url, headers }: Seen, reply: ServerResponse): void {
  if (url !== '/v1/api-keys/current') json(reply, 200, { from: 'ingest' });
  else if (headers.authorization !== `Bearer ${KEY}`)
    json(reply, 401, { detail: 'There is no such API key.' });
  else
    json(reply, 200, {
      id: KEY.slice(3, 11),
      organization: 'org_acme',
      name: 'console',
      scopes: ['usage:read', 'billing:read'],
      expires_at: '2026-11-24T12:00:00Z',
    });
}
