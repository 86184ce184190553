// Moves facts from the outbox to the log, one relay at a time. The order on the log is the order of the fact ids: rows are
// appended in order, a failed append is tried again from its first row, and before a relay appends it looks where the log ends.
import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource, QueryRunner } from 'typeorm';
import type { FactFold } from '#libs/accounts/fact-head.js';
import { rows } from '#libs/database/database.js';
import type { EventLog } from '#libs/log/event-log.js';
import { LogDisagrees, meetLog } from '../store/fact-restore.js';
import { OUTBOX_CHANNEL, type OutboxStore } from '../store/outbox.store.js';

// "mbox" in ASCII. A session lock: it ends with its connection, so a dead relay never blocks the next one.
const RELAY_LOCK = 0x6d626f78;
const BATCH_ROWS = 100;

export interface RelayParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly outbox: OutboxStore;
  /** The topics that are relayed, and how their facts are folded into this database when only the log has them. */
  readonly folds: readonly FactFold<unknown>[];
  readonly logger: Logger;
  /** How often to look for the lock, for rows whose announcement was lost, and again after a failure. */
  readonly everyMs?: number;
}

export class OutboxReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #running: Promise<void> | undefined;
  #stopping = new AbortController();
  #wake: () => void = () => undefined;
  #hasNews = false;
  #trouble: string | undefined;

  readonly #announced = (): void => {
    this.#hasNews = true;
    this.#wake();
  };

  constructor(private readonly parts: RelayParts) {}

  /** Starts relaying; resolves after the first look at the log (or 5 s), so that a restored database is whole before it serves. */
  async onApplicationBootstrap(): Promise<void> {
    const { promise: looked, resolve } = Promise.withResolvers<void>();
    this.#running = this.run(resolve);
    await Promise.race([looked, sleep(5_000, undefined, { ref: false })]);
  }

  /** Finishes the batch in hand and lets another relay go on. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  /** Why facts do not reach the log; [] while they do, or while another process relays them. */
  reasonsNotReady(): string[] {
    return this.#trouble === undefined ? [] : [this.#trouble];
  }

  private async run(looked: () => void): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.leadOrStandBy(looked);
        this.#trouble = undefined;
      } catch (error) {
        this.report(error as Error);
      }
      looked();
      await this.pause();
    }
  }

  // Every statement runs on the connection that holds the lock: when it dies, the lock is gone and so is the work.
  private async leadOrStandBy(looked: () => void): Promise<void> {
    const runner = this.parts.source.createQueryRunner();
    const connection = (await runner.connect()) as EventEmitter;
    let leads = false;
    try {
      const [lock] = await rows<{ taken: boolean }>(
        runner.manager,
        'SELECT pg_try_advisory_lock($1) AS taken',
        [RELAY_LOCK],
      );
      leads = lock?.taken === true;
      if (!leads) return;
      connection.on('notification', this.#announced);
      await runner.query(`LISTEN ${OUTBOX_CHANNEL}`);
      await this.lead(runner, looked);
    } finally {
      connection.off('notification', this.#announced);
      if (leads) await giveUp(runner);
      await runner.release();
    }
  }

  private async lead(runner: QueryRunner, looked: () => void): Promise<void> {
    const { log, folds, outbox } = this.parts;
    for (const fold of folds)
      await meetLog(log, fold, outbox, async (work) => runner.manager.transaction(work));
    this.#trouble = undefined;
    looked();
    while (!this.#stopping.signal.aborted) {
      let moved = 0;
      for (const { topic } of folds) moved += await this.relay(runner, topic);
      if (moved === 0) await this.pause();
    }
  }

  private async relay(runner: QueryRunner, topic: string): Promise<number> {
    const { log, outbox } = this.parts;
    const pending = await outbox.pending(runner.manager, topic, BATCH_ROWS);
    if (pending.length === 0) return 0;
    const { firstOffset } = await log.append(topic, 0, pending);
    const places = pending.map(({ factId }, index) => ({ factId, offset: firstOffset + index }));
    await outbox.markPublished(runner.manager, topic, places);
    return pending.length;
  }

  private report(error: Error): void {
    const { logger } = this.parts;
    this.#trouble = `account and catalog facts wait in the outbox: ${error.message}`;
    if (error instanceof LogDisagrees) logger.error({ err: error }, 'facts_disagree_with_log');
    else logger.warn({ err: error }, 'facts_wait_in_outbox');
  }

  private async pause(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    // What was announced while the last look was under way.
    if (this.#hasNews) {
      this.#hasNews = false;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, this.parts.everyMs ?? 250);
    await promise;
    clearTimeout(timer);
  }
}

// On a connection that died there is nothing left to give up.
async function giveUp(runner: QueryRunner): Promise<void> {
  try {
    await runner.query(`UNLISTEN ${OUTBOX_CHANNEL}`);
    await runner.query('SELECT pg_advisory_unlock($1)', [RELAY_LOCK]);
  } catch {
    return;
  }
}
