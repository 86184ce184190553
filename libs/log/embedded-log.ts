// The log on Postgres tables, for one machine: the same port and the same promises as Kafka, nothing but npm packages needed.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AppendLane } from './append-lane.js';
import { ByteBudget } from './byte-budget.js';
import { consumeFromTables } from './embedded-consume.js';
import { EmbeddedSignals } from './embedded-signals.js';
import { EmbeddedStore, PAGE, type Topic } from './embedded-store.js';
import { createLogTables } from './embedded-tables.js';
import {
  type Appended,
  type ConsumeOptions,
  type EventLog,
  type LogConsumer,
  LogUnavailable,
  type NewRecord,
  OffsetOutOfRange,
  PartitionCountDiffers,
  type ReadOptions,
  type StoredRecord,
  type TopicPartition,
  UnknownPartition,
  type Watermarks,
} from './event-log.js';

export interface EmbeddedLogOptions {
  readonly databaseUrl: string;
  readonly clientId: string;
  readonly appendDeadlineMs?: number;
  readonly maxPendingBytes?: number;
}

const APPEND_DEADLINE_MS = 5_000;
const MAX_PENDING_BYTES = 32 << 20;
const POOL_SIZE = 8;
const REPEAT_MS = 100;

export class EmbeddedLog implements EventLog {
  private readonly lanes = new Map<string, AppendLane>();
  private readonly consumers = new Set<LogConsumer>();
  private readonly budget: ByteBudget;
  private readonly store: EmbeddedStore;
  private readonly signals: EmbeddedSignals;
  private closed = false;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly options: EmbeddedLogOptions,
  ) {
    this.budget = new ByteBudget(options.maxPendingBytes ?? MAX_PENDING_BYTES);
    this.store = new EmbeddedStore(pool);
    this.signals = new EmbeddedSignals({
      databaseUrl: options.databaseUrl,
      name: `${options.clientId} log`,
      highs: async (topic) => this.store.watermarks(topic),
      notify: async (channel, payload) => {
        await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
      },
    });
  }

  /** Connects and makes the tables. Rejects with LogUnavailable. */
  static async open(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
    const pool = new pg.Pool({
      connectionString: options.databaseUrl,
      application_name: `${options.clientId} log`,
      max: POOL_SIZE,
      connectionTimeoutMillis: 3_000,
      statement_timeout: 8_000,
      lock_timeout: 3_000,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
    });
    // The pool listens to idle connections only: one that breaks while it is lent out must not end the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    // A connection that breaks while idle is replaced at its next use; without a listener it would end the process.
    pool.on('error', () => undefined);
    try {
      await createLogTables(pool);
      return new EmbeddedLog(pool, options);
    } catch (error) {
      await pool.end();
      throw unavailable(error);
    }
  }

  async ensureTopics(topics: readonly { name: string; partitions: number }[]): Promise<void> {
    for (const { name, partitions } of topics) {
      const found = await reached(this.store.ensureTopic(name, partitions));
      if (found.partitions !== partitions)
        throw new PartitionCountDiffers(
          `${name} has ${found.partitions} partitions, not ${partitions}`,
        );
    }
  }

  async partitionCount(topic: string): Promise<number> {
    return (await reached(this.store.topic(topic))).partitions;
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<Appended> {
    if (this.closed) throw new LogUnavailable('the log is closed');
    const at = { topic, partition };
    return this.laneOf(at, await reached(this.store.topicOf(at))).append(records);
  }

  async watermarks(topic: string): Promise<readonly Watermarks[]> {
    return reached(this.store.watermarks(topic));
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    options: ReadOptions = {},
  ): Promise<readonly StoredRecord[]> {
    const at = { topic, partition };
    const peek = await reached(this.store.peek(at, from, { ...PAGE, ...options }));
    if (from < peek.low || from > peek.high)
      throw new OffsetOutOfRange(at, from, peek.low, peek.high);
    return peek.records;
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    const { pool, store, signals } = this;
    const consumer = await reached(consumeFromTables({ pool, store, signals }, options));
    this.consumers.add(consumer);
    return consumer;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.consumers].map(async (consumer) => consumer.stop()));
    await Promise.all([...this.lanes.values()].map(async (lane) => lane.idle()));
    await this.signals.stop();
    await this.pool.end();
  }

  private laneOf(at: TopicPartition, topic: Topic): AppendLane {
    const name = `${at.topic}[${at.partition}]`;
    const existing = this.lanes.get(name);
    if (existing) return existing;
    const lane = new AppendLane({
      name,
      budget: this.budget,
      deadlineMs: this.options.appendDeadlineMs ?? APPEND_DEADLINE_MS,
      send: async (records, isWanted) => this.write(at, topic, records, isWanted),
    });
    this.lanes.set(name, lane);
    return lane;
  }

  // As with Kafka, a write whose outcome is unknown is repeated: the log may hold it twice, never out of order.
  private async write(
    at: TopicPartition,
    topic: Topic,
    records: readonly NewRecord[],
    isWanted: () => boolean,
  ): Promise<number> {
    for (;;) {
      try {
        const first = await this.store.append(topic, at, records);
        this.signals.appended(at, first + records.length);
        return first;
      } catch (error) {
        if (!isWanted() || this.closed) throw unavailable(error);
      }
      await sleep(REPEAT_MS);
    }
  }
}

async function reached<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw error instanceof UnknownPartition ? error : unavailable(error);
  });
}

function unavailable(cause: unknown): LogUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LogUnavailable(`the log's database does not answer: ${reason}`, { cause });
}
