// Natural batching: whatever arrived while the last batch ran goes into the next one. No timer, so that one caller alone waits for
// nothing; under load a transaction carries what fifty would have (performance.md, B3).
interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions {
  readonly maxItems: number;
  /** Told of each batch that was done: how many items, and how long it took. */
  onBatch?(items: number, seconds: number): void;
  /** Whether another attempt, at once, may cure an error (a deadlock, a serialization failure). */
  isPassing(error: unknown): boolean;
  /** Whether the error is about no single item: the whole batch fails with it. */
  isEveryones(error: unknown): boolean;
}

export class Batcher<In, Out> {
  readonly #waiting: Waiting<In, Out>[] = [];
  #isRunning = false;

  constructor(
    private readonly work: (items: readonly In[]) => Promise<readonly Out[]>,
    private readonly options: BatcherOptions,
  ) {}

  /** The outcome of one item; rejects with the error of its batch. */
  async do(item: In): Promise<Out> {
    const { promise, resolve, reject } = Promise.withResolvers<Out>();
    this.#waiting.push({ item, resolve, reject });
    if (!this.#isRunning) void this.run();
    return promise;
  }

  private async run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.options.maxItems);
      const started = performance.now();
      await this.attempt(batch);
      this.options.onBatch?.(batch.length, (performance.now() - started) / 1_000);
    }
    this.#isRunning = false;
  }

  private async attempt(batch: readonly Waiting<In, Out>[], isAgain = false): Promise<void> {
    try {
      const outs = await this.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(outs[index] as Out);
    } catch (error) {
      if (!isAgain && this.options.isPassing(error)) await this.attempt(batch, true);
      else if (batch.length === 1 || this.options.isEveryones(error))
        for (const { reject } of batch) reject(error);
      // One of them is at fault: alone, each gets its own outcome.
      else for (const one of batch) await this.attempt([one], true);
    }
  }
}
