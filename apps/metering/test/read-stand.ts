// The doors of metering that read, on a fresh database that specs fill by hand: no projection runs.
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/events/account-facts.js';
import type { Quantities } from '#libs/events/quantities.js';
import { TOPICS, USAGE_RECORDED } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp } from '#libs/http/app.js';
import { authProviders } from '#libs/http/auth.js';
import { KeyDirectory, type StoredKey } from '#libs/http/keys.js';
import { Readiness } from '#libs/http/readiness.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { READ_CONTROLLERS, readProviders } from '../http/read-doors.js';
import { MIGRATIONS } from '../store/migrations.js';

export const NOON = Date.UTC(2026, 10, 16, 12);

@Module({})
class ReadModule {
  static with(source: DataSource, log: MemoryLog, keys: Map<string, StoredKey>): DynamicModule {
    const clock = (): number => NOON;
    const streams = [{ projection: 'metering.usage', topic: USAGE_RECORDED }];
    return {
      module: ReadModule,
      controllers: READ_CONTROLLERS,
      providers: [
        ...authProviders(newApiKey().key, clock),
        ...readProviders({ source, log, clock }),
        { provide: KeyDirectory, useValue: { find: async (id: string) => keys.get(id) } },
        { provide: PositionStore, useValue: new PositionStore(source, streams, clock) },
        { provide: Readiness, useValue: { reasons: async () => [] } },
      ],
    };
  }
}

/** A line of `usage_hour`; what is left out is '' (the model is `m`, the tier `on_demand`, the organization `org_a`). */
export interface HourLine {
  readonly hour: string;
  readonly organization?: string;
  readonly model?: string;
  readonly service_tier?: string;
  readonly adapter?: string;
  readonly project?: string;
  readonly api_key?: string;
  readonly end_user?: string;
  readonly requests?: number;
  readonly counts?: Quantities | Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export class ReadStand {
  private base = '';
  private readonly keys = new Map<string, StoredKey>();
  private readonly texts = new Map<string, string>();

  private constructor(
    readonly source: DataSource,
    readonly log: MemoryLog,
    private app: NestFastifyApplication | undefined,
  ) {}

  /** Keys: `a` and `b` are bound to org_a and org_b, `all` is bound to none, all may usage:read; `ops`, `write`: their scope. */
  static async open(): Promise<ReadStand> {
    const source = await freshDatabase(MIGRATIONS, 6);
    const log = new MemoryLog({ clock: () => NOON });
    await log.ensureTopics(
      TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : 2 })),
    );
    const stand = new ReadStand(source, log, undefined);
    stand.addKey('a', 'org_a', ['usage:read']);
    stand.addKey('b', 'org_b', ['usage:read']);
    stand.addKey('all', null, ['usage:read']);
    stand.addKey('ops', null, ['ops']);
    stand.addKey('write', 'org_a', ['usage:write']);
    await stand.listen();
    return stand;
  }

  /** GET with one of the keys, or without any for ''. */
  async get(path: string, key = 'a', more: Record<string, string> = {}): Promise<Answer> {
    const text = this.texts.get(key);
    const headers = { ...(text !== undefined && { authorization: `Bearer ${text}` }), ...more };
    const answer = await fetch(`${this.base}${path}`, { headers });
    const body = await answer.text();
    return {
      status: answer.status,
      text: body,
      body: JSON.parse(body) as Record<string, unknown>,
    };
  }

  /** Status, and code with pointer of each error: what a table of bad input expects. */
  async refusal(path: string, key = 'a'): Promise<unknown[]> {
    const { status, body } = await this.get(path, key);
    const errors = body['errors'] as { pointer: string; code: string }[];
    return [status, body['code'], ...errors.map(({ pointer, code }) => `${pointer} ${code}`)];
  }

  /** Every page of a list, one after the other, from a cursor on. */
  async pages(path: string, key = 'a', start = ''): Promise<Record<string, unknown>[][]> {
    const pages: Record<string, unknown>[][] = [];
    for (let cursor: string | null = start; cursor !== null;) {
      const { status, text, body }: Answer = await this.get(
        cursor ? `${path}&cursor=${cursor}` : path,
        key,
      );
      if (status !== 200) throw new Error(`${path} is ${status}: ${text}`);
      pages.push(body['data'] as Record<string, unknown>[]);
      cursor = body['next_cursor'] as string | null;
    }
    return pages;
  }

  async hours(...lines: HourLine[]): Promise<void> {
    for (const { counts = {}, hour, ...line } of lines) {
      const row = {
        hour: new Date(hour),
        organization: 'org_a',
        model: 'm',
        service_tier: 'on_demand',
        adapter: '',
        project: '',
        api_key: '',
        requests: 1,
        ...line,
        ...counts,
      };
      await this.insert('usage_hour', row);
    }
  }

  async insert(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
    const names = Object.keys(row).map((name) => `"${name}"`);
    const places = names.map((_, index) => `$${index + 1}`);
    await this.source.query(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(row),
    );
  }

  async caughtUp(partition: number, nextOffset: number): Promise<void> {
    await this.insert('stream_offset', {
      projection: 'metering.usage',
      topic: USAGE_RECORDED,
      partition,
      next_offset: nextOffset,
      caught_up_at: NOON,
      epoch: 1,
      owner: 'test',
    });
  }

  async close(): Promise<void> {
    await this.app?.close();
    await this.log.close();
    await this.source.destroy();
  }

  private addKey(name: string, organization: string | null, scopes: Scope[]): void {
    const { id, key, hash } = newApiKey();
    this.texts.set(name, key);
    this.keys.set(id, { id, hash, organization, scopes, expiresAt: null, revokedAt: null });
  }

  private async listen(): Promise<void> {
    const module = ReadModule.with(this.source, this.log, this.keys);
    this.app = await createApp(module, {
      name: 'metering',
      logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
      metrics: new Metrics('metering'),
    });
    await this.app.listen({ port: 0, host: '127.0.0.1' });
    this.base = await this.app.getUrl();
  }
}
