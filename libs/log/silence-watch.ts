/** Notices that something which should give signs of life has stopped to, though no work of ours holds it up. */
export class SilenceWatch {
  private lastSign = performance.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limitMs: number,
    /** True while the silence is ours: a batch in hand. */
    private readonly isBusy: () => boolean,
    private readonly onSilence: () => void,
  ) {}

  start(): void {
    this.sign();
    this.timer = setInterval(() => this.look(), this.limitMs / 4);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  sign(): void {
    this.lastSign = performance.now();
  }

  private look(): void {
    if (this.isBusy()) this.sign();
    if (performance.now() - this.lastSign <= this.limitMs) return;
    this.stop();
    this.onSilence();
  }
}
