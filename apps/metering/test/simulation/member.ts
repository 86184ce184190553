// A member of the consumer group: one task for each partition that it was given, which claims, folds and publishes.
import { type Cut, cutSlice, placeBatch } from '#libs/projection/decide.js';
import type { Holder } from '../../domain/identity.js';
import { end, foldSlice, type FoldParts, lock, type Own, type Session, sortSlice } from './fold.js';
import type { Partition, Published } from './world.js';

const LIMITS = { maxRecords: 5, maxBytes: 1e6, skip: new Set<number>() };

/** One partition in one member, until it is revoked or its member dies. */
export class Task {
  readonly steps: Generator<void>;
  isRevoked = false;
  private readonly session: Session = { transaction: undefined };
  private waiting: Published[] = [];

  constructor(
    private readonly parts: FoldParts,
    private readonly partition: Partition,
  ) {
    this.steps = this.work();
  }

  /** The process is gone, or the server ended its session. */
  cut(): void {
    end(this.parts.world, this.session);
  }

  private *work(): Generator<void> {
    while (!this.isRevoked) {
      this.waiting = [];
      const epoch = yield* this.claim();
      yield* this.consume({ partition: this.partition, epoch });
      yield;
    }
  }

  // `UPDATE … SET epoch = epoch + 1` waits for the row's lock whatever the rules are.
  private *claim(): Generator<void, number> {
    const { partition, parts } = this;
    const transaction = parts.world.begin();
    this.session.transaction = transaction;
    yield* lock(partition, transaction, this.session);
    // A session that ended before it had the row claims again.
    if (this.session.transaction !== transaction) return yield* this.claim();
    partition.row.epoch += 1;
    const { epoch, next } = partition.row;
    end(parts.world, this.session);
    yield;
    const { covered } = partition;
    yield;
    if (covered < next && parts.switches.repair) partition.publish(this.derived(covered, next));
    return epoch;
  }

  /** What was committed of a range, told from the log and the identity table. */
  private derived(from: number, to: number): Published {
    const { partition, parts } = this;
    const records = partition.records.slice(from, to);
    const holders = new Map<string, Holder>();
    for (const { sent } of records) {
      const row = parts.world.identity.get(sent.key);
      if (row?.by === undefined && row) holders.set(sent.key, row.holder);
    }
    const { events } = sortSlice(parts.switches, partition, records, holders);
    return { from, to, events };
  }

  private *consume(own: Own): Generator<void> {
    const { partition, parts } = this;
    let expected = partition.row.next;
    // The first fetch begins where the group's hint says, which may be anywhere.
    let from = parts.random() < 0.3 ? this.below(partition.high + 1) : partition.hint;
    while (!this.isRevoked) {
      yield;
      const batch = partition.records.slice(from, from + 1 + this.below(8));
      yield;
      if (batch.length === 0) this.publish(0);
      const cut = this.place(batch, expected);
      from = expected;
      if (cut === undefined) continue;
      const published = yield* foldSlice(parts, this.session, own, cut);
      if (published === undefined) return;
      expected = cut.next;
      from = cut.next;
      if (parts.random() < 0.2) partition.hint = cut.next;
      this.waiting.push(published);
      if (!this.follow()) return;
    }
  }

  /** Undefined: fetch from the expected offset. */
  private place(batch: Partition['records'], expected: number): Cut | undefined {
    const first = batch[0]?.offset;
    if (first === undefined) return undefined;
    if (!this.parts.switches.seek) return cutSlice(batch, first, LIMITS);
    const next = first + batch.length;
    return placeBatch({ first, next }, expected) === 'apply'
      ? cutSlice(batch, expected, LIMITS)
      : undefined;
  }

  /** What follows the commit, up to one behind; false when it failed and the partition is claimed again. */
  private follow(): boolean {
    const { parts } = this;
    if (parts.errs && parts.random() < 0.04) {
      this.waiting.shift();
      if (parts.switches.stopAfterFailure) return false;
    }
    this.publish(this.below(2));
    return true;
  }

  private publish(behind: number): void {
    while (this.waiting.length > behind) this.partition.publish(this.waiting.shift() as Published);
  }

  private below(limit: number): number {
    return Math.floor(this.parts.random() * limit);
  }
}
