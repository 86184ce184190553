// One relay at a time per database: whoever holds the session lock moves rows to the log, the others stand by. The lock ends
// with its connection, so a dead relay never blocks the next one.
import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { rows } from '../database/database.js';

export interface RelayLoopParts {
  readonly source: DataSource;
  /** Key of the advisory lock; one per kind of outbox. */
  readonly lock: number;
  /** Where the commit of a row is announced with pg_notify. */
  readonly channel: string;
  /** How often to look for the lock, for rows whose announcement was lost, and again after a failure. */
  readonly everyMs?: number;
}

/** What the holder of the lock does; every statement on the runner's connection, so that a lost lock is lost work. */
export interface RelayWork {
  /** Once, before anything is moved: learn from the log what is already there. */
  meet(runner: QueryRunner): Promise<void>;
  /** Moves some rows; 0 when none are left. */
  move(runner: QueryRunner): Promise<number>;
  /** undefined: all is well again. */
  trouble(error: Error | undefined): void;
}

export class RelayLoop {
  #running: Promise<void> | undefined;
  #stopping = new AbortController();
  #wake: () => void = () => undefined;
  #hasNews = false;

  readonly #announced = (): void => {
    this.#hasNews = true;
    this.#wake();
  };

  constructor(
    private readonly parts: RelayLoopParts,
    private readonly work: RelayWork,
  ) {}

  /** Starts relaying; resolves after the first look at the log (or 5 s), so that a restored database is whole before it serves. */
  async start(): Promise<void> {
    const { promise: looked, resolve } = Promise.withResolvers<void>();
    this.#running = this.run(resolve);
    await Promise.race([looked, sleep(5_000, undefined, { ref: false })]);
  }

  /** Finishes the batch in hand and lets another relay go on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  private async run(looked: () => void): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.leadOrStandBy(looked);
        this.work.trouble(undefined);
      } catch (error) {
        this.work.trouble(error as Error);
      }
      looked();
      await this.pause();
    }
  }

  private async leadOrStandBy(looked: () => void): Promise<void> {
    const runner = this.parts.source.createQueryRunner();
    const connection = (await runner.connect()) as EventEmitter;
    let leads = false;
    try {
      const [lock] = await rows<{ taken: boolean }>(
        runner.manager,
        'SELECT pg_try_advisory_lock($1) AS taken',
        [this.parts.lock],
      );
      leads = lock?.taken === true;
      if (!leads) return;
      connection.on('notification', this.#announced);
      await runner.query(`LISTEN ${this.parts.channel}`);
      await this.lead(runner, looked);
    } finally {
      connection.off('notification', this.#announced);
      if (leads) await this.giveUp(runner);
      await runner.release();
    }
  }

  private async lead(runner: QueryRunner, looked: () => void): Promise<void> {
    await this.work.meet(runner);
    this.work.trouble(undefined);
    looked();
    while (!this.#stopping.signal.aborted) {
      const moved = await this.work.move(runner);
      if (moved === 0) await this.pause();
    }
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

  // On a connection that died there is nothing left to give up.
  private async giveUp(runner: QueryRunner): Promise<void> {
    try {
      await runner.query(`UNLISTEN ${this.parts.channel}`);
      await runner.query('SELECT pg_advisory_unlock($1)', [this.parts.lock]);
    } catch {
      return;
    }
  }
}
