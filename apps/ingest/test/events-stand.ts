// Ingest in process for the specs of its doors: Nest, real HTTP, a memory log, a fixed clock, keys in a map.
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/events/account-facts.js';
import { TOPICS, USAGE_RECORDED } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp } from '#libs/http/app.js';
import { KeyDirectory, type StoredKey } from '#libs/http/keys.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { MESSAGE, MESSAGE_NOW } from '#libs/testing/usage-message.js';
import type { RoomLimits } from '../domain/body-room.js';
import type { PaceLimits } from '../domain/door-pace.js';
import { IngestModule, PACE } from '../ingest.module.js';
import { MIGRATIONS } from '../store/migrations.js';

export type Body = NonNullable<RequestInit['body']>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

class KeyMap extends KeyDirectory {
  readonly keys = new Map<string, StoredKey>();

  override async find(keyId: string): Promise<StoredKey | undefined> {
    return this.keys.get(keyId);
  }
}

export class EventsStand {
  readonly metrics = new Metrics('ingest');
  readonly adminKey = newApiKey().key;
  private readonly keys = new KeyMap();

  private constructor(
    readonly log: MemoryLog,
    readonly source: DataSource,
  ) {}

  app!: NestFastifyApplication;
  url = '';

  static async start(pace: PaceLimits = PACE, room?: RoomLimits): Promise<EventsStand> {
    const log = new MemoryLog({ clock: () => MESSAGE_NOW });
    await log.ensureTopics(TOPICS.map(({ name }) => ({ name, partitions: 4 })));
    const stand = new EventsStand(log, await freshDatabase(MIGRATIONS));
    const logger = pino({ level: 'silent' });
    const { metrics, adminKey, keys, source } = stand;
    const clock = (): number => MESSAGE_NOW;
    const parts = {
      log,
      source,
      clock,
      logger,
      metrics,
      adminKey,
      keys,
      instance: 'test',
      pace,
      ...(room && { room }),
    };
    stand.app = await createApp(IngestModule.with(parts), { name: 'ingest', logger, metrics });
    await stand.app.listen(0, '127.0.0.1');
    const { port } = stand.app.getHttpServer().address() as AddressInfo;
    stand.url = `http://127.0.0.1:${port}`;
    return stand;
  }

  /** A key with one scope, bound to an organization or to none. */
  key(scope: Scope, organization: string | null): string {
    const { id, key, hash } = newApiKey();
    const scopes = [scope];
    this.keys.keys.set(id, { id, hash, organization, scopes, expiresAt: null, revokedAt: null });
    return key;
  }

  async post(path: string, body: Body, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${this.adminKey}`, ...headers },
      duplex: 'half',
    });
  }

  async ask(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  }

  /** The values on a topic, in partition order. */
  async logged(topic = USAGE_RECORDED): Promise<string[]> {
    const values: string[] = [];
    for (const { partition, low } of await this.log.watermarks(topic))
      for (const record of await this.log.read(topic, partition, low))
        values.push(record.value.toString());
    return values;
  }

  /** Ends the application, which closes the log and the database. */
  async stop(): Promise<void> {
    await this.app.close();
  }
}

/** The sample message under other ids. */
export function messages(...ids: readonly string[]): object[] {
  return ids.map((id) => ({ ...MESSAGE, id }));
}

/** One JSON text per line. */
export function lines(...items: readonly unknown[]): string {
  return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');
}
