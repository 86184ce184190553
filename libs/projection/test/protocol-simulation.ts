// One simulation, longer than 200 lines because its steps and faults are read together.
// One partition: a log, workers that crash, stall and overtake each other, a row with a lock, and a reader of what follows the
// commits. No time, no I/O, everything from one seed. The workers decide by the functions they are given, so a spec can hand in a
// broken one and see which fault it lets through.
import { followChain } from '../chain.js';
import type {
  Cut,
  cutSlice,
  judgeAhead,
  judgeBounds,
  judgeLock,
  judgeProbe,
  placeBatch,
} from '../decide.js';
import { PartitionHalt } from '../projection.js';
import type { StoredRecord } from '../../log/event-log.js';
import { digestOf, type Random, randomFrom, World } from './protocol-world.js';

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

export interface Faults {
  /** Records below the position's future are removed; the tail before the position is rewritten. */
  readonly truncate?: boolean;
  readonly rewrite?: boolean;
}

export interface Verdict {
  /** Empty when nothing was lost, doubled, skipped or hidden. */
  readonly faults: readonly string[];
  readonly halt: string | undefined;
}

class Simulation {
  private readonly world = new World();
  private readonly workers: { id: number; steps: Generator<void>; pause: number }[] = [];
  private spawned = 0;

  constructor(
    private readonly rules: Rules,
    private readonly random: Random,
    private readonly faults: Faults,
  ) {}

  run(): Verdict {
    const { world } = this;
    for (let count = 0; count < 30; count++) world.append();
    this.spawn();
    this.spawn();
    const steps = 300 + this.below(400);
    for (let step = 0; step < steps; step++) {
      this.disturb(step / steps);
      this.advance();
    }
    while (this.workers.length > 0) this.kill(0);
    this.spawn();
    for (let step = 0; step < 2_000 && this.unfinished(); step++) this.workers[0]?.steps.next();
    return this.judge();
  }

  private unfinished(): boolean {
    const { row, high } = this.world;
    return row.halt === undefined && (row.next < high || this.world.publishedTo() < row.next);
  }

  private disturb(progress: number): void {
    const dice = this.random();
    const { world } = this;
    if (dice < 0.03 && this.workers.length > 1) this.kill(this.below(this.workers.length));
    else if (dice < 0.06 && this.workers.length < 4) this.spawn();
    else if (dice < 0.08) this.pick().pause = 20 + this.below(80);
    else if (dice < 0.16) world.append();
    else if (this.faults.truncate && progress > 0.5 && dice < 0.17) {
      const low = Math.min(world.high, world.row.next + 3);
      world.records.splice(0, low - world.low);
      world.low = low;
    } else if (this.faults.rewrite && progress > 0.5 && dice < 0.17) {
      while (this.workers.length > 0) this.kill(0);
      world.replace();
      this.spawn();
    }
  }

  private advance(): void {
    const ready = this.workers.filter((worker) => worker.pause-- <= 0);
    if (ready.length === 0) return;
    // idle_in_transaction_session_timeout: who sleeps in a transaction loses it.
    const holder = this.workers.find((worker) => worker.id === this.world.lockedBy);
    if (holder && holder.pause > 0 && this.random() < 0.05) this.kill(this.workers.indexOf(holder));
    ready[this.below(ready.length)]?.steps.next();
  }

  private *work(id: number): Generator<void> {
    for (;;) {
      const claimed = yield* this.claim(id);
      if (claimed === undefined) return;
      yield* this.consume(id, claimed);
    }
  }

  private *claim(id: number): Generator<void, { next: number; epoch: number } | undefined> {
    const { world, rules } = this;
    yield* this.lock(id);
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

  private *consume(id: number, claimed: { next: number; epoch: number }): Generator<void> {
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
        going = yield* this.transact(id, cut, epoch);
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
  private *transact(id: number, cut: Cut, epoch: number): Generator<void, boolean> {
    const { world, rules } = this;
    const mine = { first: cut.first, epoch };
    yield* this.lock(id);
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

  private *lock(id: number): Generator<void> {
    while (this.world.lockedBy !== undefined && this.world.lockedBy !== id) yield;
    this.world.lockedBy = id;
  }

  private judge(): Verdict {
    const { row, folded, contents, published, high } = this.world;
    const faults: string[] = [];
    for (let offset = 0; offset < row.next; offset++) {
      const times = folded.get(offset) ?? 0;
      if (times !== 1) faults.push(`offset ${offset} folded ${times} times`);
    }
    for (const offset of folded.keys())
      if (offset >= row.next) faults.push(`offset ${offset} folded beyond the row`);
    if (row.halt === undefined && row.next !== high) faults.push('stopped before the end');
    const eras = new Set([...contents.values()].map((value) => value.split(' ')[0]));
    if (eras.size > 1) faults.push('went on in a log that was replaced');
    faults.push(...this.readPublished(published));
    return { faults, halt: row.halt };
  }

  private readPublished(published: readonly { from: number; to: number }[]): string[] {
    try {
      let expected = 0;
      for (const { from, to } of published)
        expected = followChain(expected, {
          version: 1,
          partition: 0,
          from,
          to,
          events: [],
        }).expected;
      return [];
    } catch (error) {
      if (error instanceof PartitionHalt) return [`reader: ${error.message}`];
      throw error;
    }
  }

  private spawn(): void {
    const id = ++this.spawned;
    this.workers.push({ id, steps: this.work(id), pause: 0 });
  }

  private kill(index: number): void {
    const [worker] = this.workers.splice(index, 1);
    if (worker && this.world.lockedBy === worker.id) this.world.lockedBy = undefined;
  }

  private pick(): { pause: number } {
    return this.workers[this.below(this.workers.length)] ?? { pause: 0 };
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

/** Runs one seed to its end. */
export function simulate(seed: number, rules: Rules, faults: Faults = {}): Verdict {
  return new Simulation(rules, randomFrom(seed), faults).run();
}
