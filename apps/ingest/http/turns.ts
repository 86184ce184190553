// Long work in short turns: of all that wait for one, only one goes on in each round of the event loop, so that a small request
// waits for one turn of somebody else's work and not for as many as there are large requests.

/** How long a turn is: about 300 ordinary events. */
const TURN_MS = 1;
/** Items between two looks at the clock. */
const LOOK = 16;

export class Turns {
  private readonly waiting: (() => void)[] = [];
  private isSet = false;

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Calls `work` for each item in order, and lets others have their turn whenever 1 ms is over. */
  async each<Item>(
    items: readonly Item[],
    work: (index: number, item: Item) => void,
  ): Promise<void> {
    let until = this.clock() + TURN_MS;
    for (const [index, item] of items.entries()) {
      work(index, item);
      if (index % LOOK !== LOOK - 1 || this.clock() < until) continue;
      await this.next();
      until = this.clock() + TURN_MS;
    }
  }

  private async next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.set();
    });
  }

  private set(): void {
    if (this.isSet) return;
    this.isSet = true;
    setImmediate(() => {
      this.isSet = false;
      this.waiting.shift()?.();
      if (this.waiting.length > 0) this.set();
    });
  }
}
