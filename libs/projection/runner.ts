// Runs one projection over its topics: joins the group, claims what it is assigned, folds batches, watches halts and lag.
// The invariant: each record's effect and the position behind it are one transaction, so nothing counts twice or not at all.
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type {
  BatchOutcome,
  EventLog,
  LogBatch,
  LogConsumer,
  TopicPartition,
} from '../log/event-log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Clock } from '../time/instant.js';
import { pause } from './back-off.js';
import { Gates } from './gates.js';
import { PartitionState } from './partition-state.js';
import { PartitionWorker } from './partition-worker.js';
import { PositionRows } from './position-rows.js';
import type { Projection } from './projection.js';
import { reasonsOf } from './reasons.js';
import { nameOf, type RunnerContext } from './runner-context.js';
import { RunnerMeters } from './runner-meters.js';
import { SliceTransaction } from './slice-transaction.js';
import { haltUnreadable } from './unreadable.js';
import { watchOnce } from './watch.js';

export interface RunnerOptions {
  readonly projection: Projection;
  readonly log: EventLog;
  /** A pool of its own, apart from HTTP's; `concurrency` of its connections fold, one more watches and claims. */
  readonly source: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Written into the rows as their owner. */
  readonly instance: string;
  /** Partitions folded at once; 4. */
  readonly concurrency?: number;
  /** Behind by more than this (by append time) is not ready; 10 s. */
  readonly lagLimitMs?: number;
}

const WATCH_EVERY_MS = 1_000;
const STOP_GRACE_MS = 10_000;
const LAG_LIMIT_MS = 10_000;

/** One projection, from `start` to `stop`. */
export class ProjectionRunner {
  readonly name: string;
  private readonly workers = new Map<string, PartitionWorker>();
  private readonly abort = new AbortController();
  private readonly context: RunnerContext;
  private consumer: LogConsumer | undefined;
  private watching: Promise<void> = Promise.resolve();
  private joined = false;
  private crash: Error | undefined;
  private crashListener: (error: Error) => void = () => undefined;

  constructor(private readonly options: RunnerOptions) {
    const { projection, log, source, metrics } = options;
    this.name = projection.name;
    // One listener for each partition that waits.
    setMaxListeners(0, this.abort.signal);
    const positions = new PositionRows(source, projection.name);
    this.context = {
      ...options,
      positions,
      transaction: new SliceTransaction(source, positions, projection),
      gates: new Gates(source, log, projection.after ?? []),
      meters: new RunnerMeters(metrics, projection.name),
      stopping: this.abort.signal,
      consumer: () => this.consumer,
    };
  }

  /** Who is told that the consumer died and will not come back; the process should exit. */
  onCrash(listener: (error: Error) => void): void {
    this.crashListener = listener;
  }

  /** Joins the group; resolves before the first partition is claimed. Rejects when the log cannot be reached. */
  async start(): Promise<void> {
    const { projection, concurrency } = this.options;
    this.consumer = await this.options.log.consume({
      group: projection.name,
      topics: projection.topics,
      ...(concurrency === undefined ? {} : { concurrency }),
      onAssigned: (partitions) => {
        this.assign(partitions);
      },
      onBatch: async (batch) => this.fold(batch),
      onUnreadable: async (place) => haltUnreadable(this.context, this.worker(place).state, place),
      onCrash: (error) => {
        this.crashed(error);
      },
    });
    // What was claimed before the consumer was here could not tell it where to begin.
    for (const { state } of this.workers.values()) state.place();
    this.watching = this.watch();
  }

  /** Finishes or rolls back what is in hand and what follows its commits, within 10 s, and leaves the group. */
  async stop(): Promise<void> {
    this.abort.abort();
    const ended = (async (): Promise<void> => {
      await this.consumer?.stop();
      await Promise.all([...this.workers.values()].map(async ({ state }) => state.ended()));
      await this.watching;
    })();
    const grace = new AbortController();
    await Promise.race([ended, pause(STOP_GRACE_MS, grace.signal)]);
    grace.abort();
  }

  /** Why this projection's readers should not be asked now; empty when all is well. */
  reasonsNotReady(): string[] {
    return reasonsOf({
      name: this.name,
      crash: this.crash,
      joined: this.joined,
      states: this.states(),
      now: this.context.clock(),
      lagLimitMs: this.options.lagLimitMs ?? LAG_LIMIT_MS,
    });
  }

  private assign(partitions: readonly TopicPartition[]): void {
    this.joined = true;
    const assigned = new Set(partitions.map(nameOf));
    for (const { state } of this.workers.values())
      if (!assigned.has(nameOf(state.at)) && state.ownership !== 'away') state.revoked();
    if (this.abort.signal.aborted) return;
    for (const at of partitions) {
      this.worker(at).state.assigned();
      // A pause outlives assignments in the log; a halt is read again at the claim.
      this.consumer?.resume(at);
    }
  }

  private async fold(batch: LogBatch): Promise<BatchOutcome> {
    return this.worker(batch).onBatch(batch);
  }

  private worker({ topic, partition }: TopicPartition): PartitionWorker {
    const at = { topic, partition };
    const existing = this.workers.get(nameOf(at));
    if (existing !== undefined) return existing;
    const created = new PartitionWorker(this.context, new PartitionState(at, this.context));
    this.workers.set(nameOf(at), created);
    return created;
  }

  private crashed(error: Error): void {
    this.crash = error;
    this.options.logger.fatal({ projection: this.name, cause: error.message }, 'consumer died');
    this.crashListener(error);
  }

  private states(): PartitionState[] {
    return [...this.workers.values()].map(({ state }) => state);
  }

  private async watch(): Promise<void> {
    while (!this.abort.signal.aborted) {
      await watchOnce(this.context, this.states());
      await pause(WATCH_EVERY_MS, this.abort.signal);
    }
  }
}
