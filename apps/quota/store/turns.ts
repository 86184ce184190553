// One piece of work at a time in this process, in the order of asking.
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** What the work gives, once everything before it has ended. */
  async take<Out>(work: () => Promise<Out>): Promise<Out> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
