// One piece of work at a time in this process. What somebody waits for and what comes by itself go by turns: a check never waits
// for a queue of usage (it was 200 ms of 250 beside metering), and usage never for a queue of checks.
import { setImmediate as nextRound } from 'node:timers/promises';

/** `asked`: somebody waits for the answer. `own`: usage that is taken in, and sweeps. */
export type Lane = 'asked' | 'own';

export class Turns {
  readonly #waiting: Readonly<Record<Lane, (() => Promise<void>)[]>> = { asked: [], own: [] };
  #ended: (() => void)[] = [];
  #last: Lane = 'own';
  #isRunning = false;

  /** What the work gives, once its turn came: each lane is in the order of asking. */
  async take<Out>(lane: Lane, work: () => Promise<Out>): Promise<Out> {
    const { promise, resolve, reject } = Promise.withResolvers<Out>();
    this.#waiting[lane].push(async () => work().then(resolve, reject));
    if (!this.#isRunning) void this.run();
    return promise;
  }

  /** Resolves when the next turn is about to be given, the sockets read meanwhile: who then asks at once has all that arrived. */
  async ended(): Promise<void> {
    if (!this.#isRunning) return nextRound();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#ended.push(() => {
      resolve(undefined);
    });
    return promise;
  }

  private async run(): Promise<void> {
    this.#isRunning = true;
    for (let work = this.next(); work; work = this.next()) {
      await work();
      this.tell();
      await nextRound();
    }
    this.#isRunning = false;
    this.tell();
  }

  private next(): (() => Promise<void>) | undefined {
    const first = this.#last === 'own' ? 'asked' : 'own';
    if (this.#waiting[first].length > 0) this.#last = first;
    return this.#waiting[this.#last].shift();
  }

  private tell(): void {
    for (const resolve of this.#ended.splice(0)) resolve();
  }
}
