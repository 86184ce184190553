/** At most `width` of the given calls run at once, in the order they came. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly width: number) {
    if (!(width >= 1)) throw new RangeError(`a width of at least 1, not ${width}`);
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.running >= this.width)
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    else this.running += 1;
    try {
      return await call();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
