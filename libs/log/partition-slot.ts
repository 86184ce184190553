import type { TopicPartition } from './event-log.js';

/** One assigned partition of a polled consumer: where it stands, and how its loop is woken or ended. */
export class PartitionSlot {
  /** The offset to ask for next. */
  position = 0;
  /** Grows with each seek and each assignment: a batch that was cut under an older epoch is stale. */
  epoch = 0;
  closed = false;
  /** The loop, its running handler included. */
  ended: Promise<void> = Promise.resolve();
  private notBefore = 0;
  private wake = new AbortController();

  constructor(readonly at: TopicPartition) {}

  seek(offset: number): void {
    this.position = offset;
    this.renew();
  }

  /** The group settled anew, or the reader moved: whatever is in hand is stale. */
  renew(): void {
    this.epoch += 1;
    this.hurry();
  }

  /** Ends a wait, a retry's delay included. */
  hurry(): void {
    this.notBefore = 0;
    this.interrupt();
  }

  close(): void {
    this.closed = true;
    this.interrupt();
  }

  delay(ms: number): void {
    this.notBefore = performance.now() + ms;
  }

  /** Milliseconds until the partition may be delivered again. */
  remainingDelay(): number {
    return Math.max(0, this.notBefore - performance.now());
  }

  /** Aborted when the loop should look again. */
  interruption(): AbortSignal {
    return this.wake.signal;
  }

  /** Until the loop should look again, at most so long. */
  async sleep(ms?: number): Promise<void> {
    if (this.closed) return;
    const { signal } = this.wake;
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }

  private interrupt(): void {
    const { wake } = this;
    if (!this.closed) this.wake = new AbortController();
    wake.abort();
  }
}
