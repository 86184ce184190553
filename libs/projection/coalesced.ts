// Many callers, one question: whoever asks while an answer is on its way gets the next one, which begins after they asked.

/** Shares runs of `work` among concurrent callers; an answer is never older than the call. */
export class Coalesced<Answer> {
  private running: Promise<Answer> | undefined;
  private next: Promise<Answer> | undefined;

  constructor(private readonly work: () => Promise<Answer>) {}

  /** The answer of a run that begins no earlier than this call; rejects as `work` does. */
  async ask(): Promise<Answer> {
    if (this.running === undefined) return this.begin();
    this.next ??= this.running.then(
      async () => this.begin(),
      async () => this.begin(),
    );
    return this.next;
  }

  private async begin(): Promise<Answer> {
    this.next = undefined;
    const run = this.work();
    this.running = run;
    try {
      return await run;
    } finally {
      if (this.running === run) this.running = undefined;
    }
  }
}
