// One partition: a log, workers that crash, stall and overtake each other, a row with a lock, and a reader of what follows the
// commits. No time, no I/O, everything from one seed. The workers decide by the functions they are given, so a spec can hand in a
// broken one and see which fault it lets through.
import { judgeWorld, type Verdict } from './protocol-verdict.js';
import { ProtocolWorker, type Rules } from './protocol-worker.js';
import { type Random, randomFrom, World } from './protocol-world.js';

export interface Faults {
  /** Records below the position's future are removed; the tail before the position is rewritten. */
  readonly truncate?: boolean;
  readonly rewrite?: boolean;
}

class Simulation {
  private readonly world = new World();
  private readonly workers: ProtocolWorker[] = [];
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
    return judgeWorld(world);
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

  private spawn(): void {
    const { world, rules, random } = this;
    this.workers.push(new ProtocolWorker(++this.spawned, world, rules, random));
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
