// What every relay is: a provider that starts with the app, moves rows to the log while it holds the lock, tells why rows wait, and
// stops with the app.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { RelayLoop, type RelayLoopParts, type RelayWork } from './relay-loop.js';

export abstract class Relay
  implements RelayWork, OnApplicationBootstrap, BeforeApplicationShutdown
{
  #trouble: string | undefined;
  readonly #loop: RelayLoop;

  /** `what` waits when the log is away: `account and catalog facts`. */
  protected constructor(
    private readonly what: string,
    loop: RelayLoopParts,
  ) {
    this.#loop = new RelayLoop(loop, this);
  }

  /** Starts relaying; resolves after the first look at the log (or 5 s), so that a restored database is whole before it serves. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#loop.start();
  }

  /** Finishes the batch in hand and lets another relay go on. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** Why rows do not reach the log; [] while they do, or while another process relays them. */
  troubles(): string[] {
    return this.#trouble === undefined ? [] : [this.#trouble];
  }

  trouble(error: Error | undefined): void {
    this.#trouble = error && `${this.what} wait in the outbox: ${error.message}`;
    if (error) this.report(error);
  }

  abstract meet(runner: QueryRunner): Promise<void>;
  abstract move(runner: QueryRunner): Promise<number>;
  /** Logs it. */
  protected abstract report(error: Error): void;
}
