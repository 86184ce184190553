// What follows a commit, per partition: one at a time, in offset order, at most two unfinished.
// The invariant: after a failure nothing later runs, so what a reader sees of it has no hole.

/** A line of work in which a failure drops the rest and is told once. */
export class AfterCommitLine {
  private readonly waiting: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;
  private generation = 0;
  private wake: (() => void)[] = [];

  /** `onFailure` is told what a piece rejected with, after the rest was dropped. */
  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Puts work at the end of the line. */
  push(work: () => Promise<void>): void {
    this.waiting.push(work);
    this.advance();
  }

  /** Resolves when fewer than `limit` are unfinished. */
  async below(limit: number): Promise<void> {
    while (this.unfinished >= limit)
      await new Promise<void>((resolve) => {
        this.wake.push(resolve);
      });
  }

  /** Drops what has not begun; resolves when the running piece has ended, whatever its end, which is then told to nobody. */
  async drop(): Promise<void> {
    this.generation++;
    this.waiting.length = 0;
    this.wakeAll();
    await this.running;
  }

  private get unfinished(): number {
    return this.waiting.length + (this.running === undefined ? 0 : 1);
  }

  private advance(): void {
    const work = this.running === undefined ? this.waiting.shift() : undefined;
    if (work !== undefined) this.running = this.run(work, this.generation);
  }

  private async run(work: () => Promise<void>, generation: number): Promise<void> {
    let failure: { error: unknown } | undefined;
    try {
      await work();
    } catch (error) {
      failure = { error };
    }
    this.running = undefined;
    if (failure !== undefined && generation === this.generation) {
      this.waiting.length = 0;
      this.onFailure(failure.error);
    }
    this.advance();
    this.wakeAll();
  }

  private wakeAll(): void {
    const { wake } = this;
    this.wake = [];
    for (const resolve of wake) resolve();
  }
}
