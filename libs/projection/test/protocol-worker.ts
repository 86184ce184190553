// A worker of the protocol's simulation: it claims, consumes, commits and publishes as the runner does, a step at a time, so that
// others may act between any two of its steps. It decides by the functions that it is given.
import type {
  Cut,
  cutSlice,
  judgeAhead,
  judgeBounds,
  judgeLock,
  judgeProbe,
  placeBatch,
} from '../decide.js';
import type { StoredRecord } from '../../log/event-log.js';
import { digestOf, type Random, type World } from './protocol-world.js';

export interface Rules {
  readonly judgeBounds: typeof judgeBounds;
  readonly judgeProbe: typeof judgeProbe;
  readonly placeBatch: typeof placeBatch;
  readonly judgeAhead: typeof judgeAhead;
  readonly judgeLock: typeof judgeLock;
  readonly cutSlice: typeof cutSlice;
  /** The compare of compare-and-set. */
  readonly mayAdvance: (row: { next: number; epoch: number }, mine: Mine) => boolean;
  /** What a claim appends again: from the end of what was published to the position. */
  readonly repair: (published: number, next: number) => boolean;
  /** Whether a slice after a failed publication may still be published. */
  readonly publishAfterFailure: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Mine {
  readonly first: number;
  readonly epoch: number;
}

/** One worker; its steps are taken by whoever schedules. */
export class ProtocolWorker {
  /** Steps that it sleeps through. */
  pause = 0;
  readonly steps: Generator<void>;

  constructor(
    readonly id: number,
    private readonly world: World,
    private readonly rules: Rules,
    private readonly random: Random,
  ) {
    this.steps = this.work();
  }

  private *work(): Generator<void> {
    for (;;) {
      const claimed = yield* this.claim();
      if (claimed === undefined) return;
      yield* this.consume(claimed);
    }
  }

  private *claim(): Generator<void, { next: number; epoch: number } | undefined> {
    const { world, rules } = this;
    yield* this.lock();
    const epoch = ++world.row.epoch;
    const { next, digest, halt } = world.row;
    world.lockedBy = undefined;
    if (halt !== undefined) return undefined;
    yield;
    const verdict = rules.judgeBounds(next, world);
    const [before] = verdict.kind === 'probe' ? world.read(verdict.offset, 1) : [];
    const probed =
      verdict.kind === 'probe'
        ? rules.judgeProbe(digest, before && digestOf(before), verdict.offset)
        : verdict;
    if (probed.kind === 'halt') return this.halt(probed.reason, epoch);
    yield;
    const published = world.publishedTo();
    if (published < next && rules.repair(published, next))
      world.publish({ from: published, to: next });
    return { next, epoch };
  }

  private *consume(claimed: { next: number; epoch: number }): Generator<void> {
    const { world } = this;
    const { epoch } = claimed;
    const waiting: Range[] = [];
    let expected = claimed.next;
    // The first fetch begins where the group's hint says, which may be anywhere.
    let delivered = this.random() < 0.3 ? this.below(world.high + 1) : expected;
    let going = true;
    while (going) {
      yield;
      // A reader below the log gets its oldest record, as both adapters do.
      delivered = Math.max(delivered, world.low);
      const batch = world.read(delivered, 1 + this.below(8));
      yield;
      if (batch.length === 0) this.publish(waiting, 0);
      const cut = this.place(batch, expected, epoch);
      delivered = expected;
      if (cut === 'halted') going = false;
      else if (cut !== undefined) {
        going = yield* this.transact(cut, epoch);
        expected = cut.next;
        delivered = cut.next;
        if (going) going = this.follow(waiting, cut);
      }
    }
  }

  /** What of a batch is to be folded; undefined: fetch from the expected offset. */
  private place(
    batch: readonly StoredRecord[],
    expected: number,
    epoch: number,
  ): Cut | undefined | 'halted' {
    const { world, rules } = this;
    const [first] = batch;
    if (first === undefined) {
      if (expected >= world.low) return undefined;
      this.halt('log_gap', epoch);
      return 'halted';
    }
    const range = { first: first.offset, next: first.offset + batch.length };
    if (rules.placeBatch(range, expected) !== 'ahead')
      return rules.cutSlice(batch, expected, { maxRecords: 5, maxBytes: 1e6, skip: new Set() });
    const outside = expected < world.low || expected > world.high;
    const [found] = world.read(expected, 1);
    const verdict = rules.judgeAhead(
      expected,
      outside ? { bounds: world } : { first: found?.offset },
    );
    if (verdict.kind !== 'halt') return undefined;
    this.halt(verdict.reason, epoch);
    return 'halted';
  }

  /** False when belief has to be forgotten: another owner, another position, or a COMMIT without an answer. */
  private *transact(cut: Cut, epoch: number): Generator<void, boolean> {
    const { world, rules } = this;
    const mine = { first: cut.first, epoch };
    yield* this.lock();
    const verdict = rules.judgeLock({ nextOffset: world.row.next, epoch: world.row.epoch }, mine);
    yield;
    const mayCommit = verdict === 'go' && rules.mayAdvance(world.row, mine);
    yield;
    const carriedOut = mayCommit && this.random() > 0.02;
    if (carriedOut) this.commit(cut);
    world.lockedBy = undefined;
    const answered = carriedOut && this.random() > 0.02;
    yield;
    return answered;
  }

  /** What follows the commit, up to one behind; false when it failed and the partition is claimed again. */
  private follow(waiting: Range[], cut: Cut): boolean {
    waiting.push({ from: cut.first, to: cut.next });
    if (this.random() < 0.05) {
      waiting.shift();
      if (!this.rules.publishAfterFailure) return false;
    }
    this.publish(waiting, this.below(2));
    return true;
  }

  private commit(cut: Cut): void {
    const { world } = this;
    for (const record of cut.records) {
      world.folded.set(record.offset, (world.folded.get(record.offset) ?? 0) + 1);
      world.contents.set(record.offset, record.value.toString());
    }
    world.row.next = cut.next;
    world.row.digest = digestOf(cut.last);
  }

  /** What follows the commits, in order, until `behind` are left. */
  private publish(waiting: Range[], behind: number): void {
    while (waiting.length > behind) this.world.publish(waiting.shift() as Range);
  }

  private halt(reason: string, epoch: number): undefined {
    if (this.world.row.epoch === epoch) this.world.row.halt = reason;
    return undefined;
  }

  private *lock(): Generator<void> {
    const { id } = this;
    while (this.world.lockedBy !== undefined && this.world.lockedBy !== id) yield;
    this.world.lockedBy = id;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}
