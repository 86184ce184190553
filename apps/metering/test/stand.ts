// Metering for specs: a fresh database, a memory log, real projections, a clock that the spec moves.
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { openDatabase, rows } from '#libs/database/database.js';
import { decodeMetered, type MeteredBatch, type MeteredEvent } from '#libs/events/metered-batch.js';
import { decodeRejected, type RejectedUsage } from '#libs/events/rejection.js';
import { TOPICS, USAGE_METERED, USAGE_RECORDED, USAGE_REJECTED } from '#libs/events/topics.js';
import { type EventLog, LogUnavailable } from '#libs/log/event-log.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { meteringRunners } from '../consumers/metering-runners.js';
import { MIGRATIONS } from '../store/migrations.js';

export const NOON = Date.UTC(2026, 10, 16, 12);

export class Stand {
  readonly log = new MemoryLog({ clock: () => NOON });
  private server: ProjectionServer | undefined;

  private constructor(
    readonly source: DataSource,
    readonly projections: DataSource,
  ) {}

  static async open(): Promise<Stand> {
    const source = await freshDatabase(MIGRATIONS, 6);
    const { url } = source.options as { url: string };
    const projections = await openDatabase({ url, name: 'test projections', poolSize: 10 });
    const stand = new Stand(source, projections);
    await stand.log.ensureTopics(
      TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : 2 })),
    );
    return stand;
  }

  /** Starts the projections on the stand's log, or on one that misbehaves. */
  async start(log: EventLog = this.log): Promise<void> {
    const parts = {
      log,
      source: this.source,
      projections: this.projections,
      clock: () => NOON,
      logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
      metrics: new Metrics('metering'),
      adminKey: '',
      instance: 'test',
    };
    const server = new ProjectionServer(meteringRunners(parts));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.listen((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  async stop(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.source.destroy(), this.projections.destroy()]);
  }

  async append(partition: number, ...events: (object | string)[]): Promise<void> {
    const values = events.map((event) =>
      Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)),
    );
    await this.log.append(
      USAGE_RECORDED,
      partition,
      values.map((value) => ({ key: 'org_a', value })),
    );
  }

  /** Waits until everything appended is folded and published. */
  async drained(): Promise<void> {
    const raw = await this.log.watermarks(USAGE_RECORDED);
    for (let tries = 0; tries < 400; tries += 1) {
      const covered = await Promise.all(
        raw.map(async ({ partition }) => (await this.metered(partition)).at(-1)?.to ?? 0),
      );
      if (raw.every(({ high }, index) => (covered[index] ?? 0) >= high)) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 25);
      });
    }
    throw new Error('not drained after 10 s');
  }

  async metered(partition: number): Promise<MeteredBatch[]> {
    return (await this.log.read(USAGE_METERED, partition, 0)).map(({ value }) =>
      decodeMetered(value),
    );
  }

  async meteredEvents(): Promise<MeteredEvent[]> {
    return [...(await this.metered(0)), ...(await this.metered(1))].flatMap(({ events }) => events);
  }

  async rejected(): Promise<RejectedUsage[]> {
    const logs = await Promise.all(
      [0, 1].map(async (partition) => this.log.read(USAGE_REJECTED, partition, 0)),
    );
    return logs.flat().map(({ value }) => decodeRejected(value));
  }

  /** requests, input and output of all hours. */
  async totals(): Promise<number[]> {
    const sql =
      'SELECT coalesce(sum(requests), 0) AS r, coalesce(sum(input), 0) AS i, coalesce(sum(output), 0) AS o FROM usage_hour';
    const [sum] = await rows<{ r: string; i: string; o: string }>(this.source, sql);
    return [Number(sum?.r), Number(sum?.i), Number(sum?.o)];
  }

  /** applied, duplicates, quarantined of the usage projection. */
  async counters(): Promise<number[]> {
    const sql = `SELECT sum(applied) AS a, sum(duplicates) AS d, sum(quarantined) AS q FROM stream_offset WHERE projection = 'metering.usage'`;
    const [sum] = await rows<{ a: string; d: string; q: string }>(this.source, sql);
    return [Number(sum?.a), Number(sum?.d), Number(sum?.q)];
  }
}

/** A usage event of org_a at eleven o'clock. */
export function usage(
  id: string,
  tokens: object = { input: 10, output: 1 },
  more: object = {},
): object {
  return {
    specversion: '1.0',
    type: 'dev.meterbook.usage.v1',
    source: '//test/node-1',
    id,
    subject: 'org_a',
    time: '2026-11-16T11:00:00Z',
    data: { model: 'm', tokens },
    ...more,
  };
}

export function voiding(id: string, original: string): object {
  const data = { original: { id: original }, reason: 'never delivered' };
  return {
    ...usage(id),
    type: 'dev.meterbook.usage.voided.v1',
    time: '2026-11-16T11:59:00Z',
    data,
  };
}

export function correcting(id: string, original: string, tokens: object): object {
  const data = { original: { id: original }, reason: 'miscounted', model: 'm', tokens };
  return {
    ...usage(id),
    type: 'dev.meterbook.usage.corrected.v1',
    time: '2026-11-16T11:59:00Z',
    data,
  };
}

/** A process that dies after each commit, as its readers see it: nothing gets onto usage.metered. */
export function withoutPublishing(log: EventLog): EventLog {
  return new Proxy(log, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (name !== 'append')
        return typeof found === 'function' ? (found.bind(target) as unknown) : found;
      return async (topic: string, partition: number, records: never) => {
        if (topic === USAGE_METERED) throw new LogUnavailable('the process is about to die');
        return target.append(topic, partition, records);
      };
    },
  });
}
