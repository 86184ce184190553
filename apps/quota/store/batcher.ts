// Natural batching: whatever arrived while the last batch ran goes into the next one. No timer, so that one caller alone waits for
// nothing; under load a transaction carries what fifty would have (performance.md, B3).
interface Waiting<In, Out> {
  readonly item: In;
  /** How often it was tried. */
  tries: number;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions {
  readonly maxItems: number;
  /** Resolves when a batch that is put together now is done at once: what arrives until then goes along. */
  untilReady?(): Promise<void>;
  /** Told of each batch that was done: how many items, and how long it took. */
  onBatch?(items: number, seconds: number): void;
  /** Whether another attempt, at once, may cure an error (a deadlock, a serialization failure). */
  isPassing(error: unknown): boolean;
  /** Whether the error is about no single item: the whole batch fails with it. */
  isEveryones(error: unknown): boolean;
}

/** Gives an outcome per item; undefined puts the item into a later batch. `tries` is how often all of these were tried before. */
export type BatchWork<In, Out> = (
  items: readonly In[],
  tries: number,
) => Promise<readonly (Out | undefined)[]>;

export class Batcher<In, Out> {
  #waiting: Waiting<In, Out>[] = [];
  #isRunning = false;

  constructor(
    private readonly work: BatchWork<In, Out>,
    private readonly options: BatcherOptions,
  ) {}

  /** The outcome of one item; rejects with the error of its batch. */
  async do(item: In): Promise<Out> {
    const { promise, resolve, reject } = Promise.withResolvers<Out>();
    this.#waiting.push({ item, tries: 0, resolve, reject });
    if (!this.#isRunning) void this.run();
    return promise;
  }

  private async run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      if (this.options.untilReady) await this.options.untilReady();
      const batch = this.next();
      const started = performance.now();
      await this.attempt(batch);
      this.options.onBatch?.(batch.length, (performance.now() - started) / 1_000);
    }
    this.#isRunning = false;
  }

  // Those that were tried as often as the first that waits: others are for the batch after.
  private next(): Waiting<In, Out>[] {
    const { maxItems } = this.options;
    const tries = this.#waiting[0]?.tries ?? 0;
    const isAlike = this.#waiting.every((one) => one.tries === tries);
    if (isAlike) return this.#waiting.splice(0, maxItems);
    const batch = this.#waiting.filter((one) => one.tries === tries).slice(0, maxItems);
    const taken = new Set(batch);
    this.#waiting = this.#waiting.filter((one) => !taken.has(one));
    return batch;
  }

  private async attempt(batch: readonly Waiting<In, Out>[], isAgain = false): Promise<void> {
    try {
      const outs = await this.work(
        batch.map(({ item }) => item),
        batch[0]?.tries ?? 0,
      );
      this.answer(batch, outs);
    } catch (error) {
      if (!isAgain && this.options.isPassing(error)) await this.attempt(batch, true);
      else if (batch.length === 1 || this.options.isEveryones(error))
        for (const { reject } of batch) reject(error);
      // One of them is at fault: alone, each gets its own outcome.
      else for (const one of batch) await this.attempt([one], true);
    }
  }

  private answer(batch: readonly Waiting<In, Out>[], outs: readonly (Out | undefined)[]): void {
    const again: Waiting<In, Out>[] = [];
    for (const [index, one] of batch.entries()) {
      const out = outs[index];
      if (out !== undefined) one.resolve(out);
      else {
        one.tries += 1;
        again.push(one);
      }
    }
    if (again.length > 0) this.#waiting.unshift(...again);
  }
}
