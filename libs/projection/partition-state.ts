// What a runner believes of one partition, and how it comes to own it. The invariant: belief never outlives an assignment, a
// failure or a doubt; it is forgotten, and the row is read again under a new epoch.
import type { TopicPartition } from '../log/event-log.js';
import { AfterCommitLine } from './after-commit.js';
import { backOffMs, pause, reclaimMs } from './back-off.js';
import { claimPartition } from './claim.js';
import { messageOf } from './failure-class.js';
import type { Claimed } from './position-rows.js';
import { nameOf, type RunnerContext } from './runner-context.js';

export type Ownership = 'away' | 'unknown' | 'owned' | 'halted';

/** One partition of one runner, kept for the runner's life. */
export class PartitionState {
  ownership: Ownership = 'away';
  /** Changes whenever belief is thrown away: what was begun under another generation is abandoned. */
  generation = 0;
  /** When the partition was last assigned or forgotten and not yet claimed, epoch ms. */
  unknownSince = 0;
  everOwned = false;
  row: Claimed | undefined;
  /** The offset that comes next; meaningful when owned. */
  expected = 0;
  haltReason: string | undefined;
  /** Failures in a row, for the back-off. */
  failures = 0;
  losses = 0;
  /** Append time (or time of notice) of the oldest record that is known to wait. */
  waitingSince: number | undefined;
  /** A batch is in hand: its outcome seeks, so that a claim need not. */
  delivering = false;
  readonly line: AfterCommitLine;
  private attempt: Promise<void> = Promise.resolve();

  constructor(
    readonly at: TopicPartition,
    private readonly context: RunnerContext,
  ) {
    this.line = new AfterCommitLine((error) => {
      this.warn(error, 'what follows the commit failed, the partition is claimed again');
      this.forget(backOffMs(this.failures++));
    });
  }

  /** Synchronous, on assignment: nothing is believed any more. */
  assigned(): void {
    this.forget(0);
  }

  /** The partition went to another member, whose claim repairs what is dropped here. */
  revoked(): void {
    this.context.meters.away(this.at);
    this.generation++;
    this.ownership = 'away';
    this.waitingSince = undefined;
    void this.line.drop();
  }

  /** Throws belief away and claims again after a while. */
  forget(afterMs: number): void {
    this.generation++;
    if (this.ownership !== 'unknown') this.unknownSince = this.context.clock();
    this.ownership = 'unknown';
    this.haltReason = undefined;
    void this.claimUntilKnown(this.generation, afterMs);
  }

  /** Another owner took the partition: wait longer each time, so that two do not take it from each other for ever. */
  lost(): void {
    this.context.logger.warn(
      { projection: this.context.projection.name, ...this.at },
      'another owner holds the partition',
    );
    this.forget(reclaimMs(this.losses++));
  }

  /** Tells the log where to begin; a batch in hand does that by its outcome. */
  place(): void {
    if (this.ownership === 'owned' && !this.delivering)
      this.context.consumer()?.seek(this.at, this.expected);
    if (this.ownership === 'halted') this.context.consumer()?.pause(this.at);
  }

  /** After the consumer stopped: resolves when what follows the last commits has ended. */
  async ended(): Promise<void> {
    await this.attempt;
    await this.line.below(1);
  }

  /** Resolves when the claim on its way has ended, whatever its end. */
  async claiming(): Promise<void> {
    await this.attempt;
  }

  /** `offset`: where it stands. */
  halted(reason: string, offset = this.expected): void {
    this.ownership = 'halted';
    this.haltReason = reason;
    this.context.meters.halted(this.at, { reason, offset });
    this.place();
  }

  private async claimUntilKnown(generation: number, afterMs: number): Promise<void> {
    const { stopping } = this.context;
    let wait = afterMs;
    for (;;) {
      if (wait > 0) await pause(wait, stopping);
      if (generation !== this.generation || stopping.aborted) return;
      // One claim at a time: the epochs of one process must not overtake each other.
      this.attempt = this.attempt.then(async () => this.claim(generation));
      await this.attempt;
      if (generation !== this.generation || this.ownership !== 'unknown') return;
      wait = backOffMs(this.failures++);
    }
  }

  private async claim(generation: number): Promise<void> {
    if (generation !== this.generation) return;
    try {
      await this.line.drop();
      const result = await claimPartition(this.context, this.at);
      if (generation !== this.generation) return;
      if (result.kind === 'halted') {
        this.halted(result.reason, result.offset);
        return;
      }
      this.row = result.row;
      this.expected = result.row.nextOffset;
      this.ownership = 'owned';
      this.context.meters.halted(this.at, undefined);
      this.everOwned = true;
      this.place();
    } catch (error) {
      if (!this.context.stopping.aborted) this.warn(error, 'claim failed, trying again');
    }
  }

  private warn(error: unknown, message: string): void {
    this.context.logger.warn(
      {
        projection: this.context.projection.name,
        partition: nameOf(this.at),
        cause: messageOf(error),
      },
      message,
    );
  }
}
