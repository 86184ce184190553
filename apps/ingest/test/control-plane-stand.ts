// Ingest in process for the specs of the control plane: Nest, real HTTP, a memory log, keys out of its own tables, and a clock
// that the spec moves.
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { StoredKeyDirectory } from '#libs/accounts/stored-key-directory.js';
import type { Scope } from '#libs/events/account-facts.js';
import { ACCOUNTS, TOPICS } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp } from '#libs/http/app.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { IngestModule } from '../ingest.module.js';
import { MIGRATIONS } from '../store/migrations.js';

/** 2026-11-24T09:30:00Z: the next effective hour is 10:00. */
export const NOW = Date.UTC(2026, 10, 24, 9, 30);

export const ACME = { name: 'Acme', currency: 'USD', tier: 'free', profile: 'groq' } as const;

/** A catalog of one model and two tiers. */
export const CATALOG_TEXT = `version: 2026-11-a
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama-3.1-8b-instant:
    prices:
      on_demand: { input: "0.05", output: "0.08" } # per million
tiers:
  free: { title: Free, monthly_fee: "0", usage: free, features: [], limits: {} }
  developer: { title: Developer, monthly_fee: "0", usage: metered, features: [], limits: {} }
`;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What the specs assert on is any JSON.
  readonly body: Record<string, unknown>;
}

export interface Asking {
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

export class ControlPlaneStand {
  now = NOW;
  readonly adminKey = newApiKey().key;
  #app!: NestFastifyApplication;
  #url = '';

  private constructor(
    readonly log: MemoryLog,
    readonly source: DataSource,
  ) {}

  static async start(): Promise<ControlPlaneStand> {
    const log = new MemoryLog();
    await log.ensureTopics(
      TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : 2 })),
    );
    const stand = new ControlPlaneStand(log, await freshDatabase(MIGRATIONS, 10));
    await stand.#listen();
    return stand;
  }

  async #listen(): Promise<void> {
    const { log, source, adminKey } = this;
    const [logger, metrics] = [pino({ level: 'silent' }), new Metrics('ingest')];
    const module = IngestModule.with({
      log,
      source,
      clock: () => this.now,
      logger,
      metrics,
      adminKey,
      keys: new StoredKeyDirectory(new AccountStore(source)),
      instance: 'test',
      factWaitMs: 1_000,
    });
    this.#app = await createApp(module, { name: 'ingest', logger, metrics });
    await this.#app.listen(0, '127.0.0.1');
    const { port } = this.#app.getHttpServer().address() as AddressInfo;
    this.#url = `http://127.0.0.1:${port}`;
  }

  /** Sends JSON (or text with its own content type) as the admin, unless told another key or none. */
  async ask(method: string, path: string, body?: unknown, asking: Asking = {}): Promise<Answer> {
    const key = asking.key === undefined ? this.adminKey : asking.key;
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...asking.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  async publish(text: string, query = ''): Promise<Answer> {
    const headers = { 'content-type': 'application/yaml' };
    return this.ask('POST', `/v1/catalog${query}`, text, { headers });
  }

  /** Registers an organization and gives its path. */
  async registered(id = 'org_acme'): Promise<string> {
    const answer = await this.ask('PUT', `/v1/organizations/${id}`, ACME);
    if (answer.status !== 201) throw new Error(`registration answered ${answer.status}`);
    return `/v1/organizations/${id}`;
  }

  /** A key of an organization (null: of none). */
  async key(organization: string | null, ...scopes: readonly Scope[]): Promise<string> {
    const path =
      organization === null ? '/v1/api-keys' : `/v1/organizations/${organization}/api-keys`;
    const { body } = await this.ask('POST', path, { name: 'spec', scopes });
    return body['key'] as string;
  }

  /** How many facts the accounts topic holds. */
  async facts(): Promise<number> {
    const [accounts] = await this.log.watermarks(ACCOUNTS);
    return accounts?.high ?? 0;
  }

  /** Ends the application, which closes the log and the database. */
  async stop(): Promise<void> {
    await this.#app.close();
  }
}

/** `/tier unknown_tier` for each error of a problem. */
export function faults({ body }: Answer): string[] {
  const errors = (body['errors'] ?? []) as { pointer: string; code: string }[];
  return errors.map(({ pointer, code }) => `${pointer} ${code}`);
}
