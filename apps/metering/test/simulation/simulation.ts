// One seed of the whole way from the node to the reader of `usage.metered`: senders and members of a group take steps in an order that
// the seed draws, die, sleep, lose partitions and answers; then the faults stop, one member drains the log, and the ledger is read.
import { readLedger } from './ledger.js';
import { Task } from './member.js';
import { send } from './sender.js';
import { ALL_ON, EVERY_FAULT, type Faults, type Switches } from './switches.js';
import { type Partition, type Random, randomFrom, type Sent, World } from './world.js';

const PARTITIONS = 2;
const EVENTS = 36;
const STEPS = 420;
const DRAIN_STEPS = 6_000;

interface Member {
  readonly tasks: Map<Partition, Task>;
  pause: number;
}

export interface Setting {
  readonly switches?: Partial<Switches>;
  readonly faults?: Partial<Faults>;
}

export class Simulation {
  private readonly world = new World(PARTITIONS);
  private readonly random: Random;
  private readonly switches: Switches;
  private readonly faults: Faults;
  private readonly members: Member[] = [];
  private readonly senders: Generator<void>[] = [];

  constructor(seed: number, { switches, faults }: Setting) {
    this.random = randomFrom(seed);
    this.switches = { ...ALL_ON, ...switches };
    this.faults = { ...EVERY_FAULT, ...faults };
  }

  /** What went wrong, empty when nothing did. */
  run(): string[] {
    this.startSenders();
    this.join();
    this.join();
    for (let step = 0; step < STEPS; step += 1) {
      if (this.faults.processes) this.disturb();
      this.advance();
    }
    while (this.members.length > 0) this.kill(0);
    this.join();
    for (let step = 0; step < DRAIN_STEPS && !this.isDone(); step += 1) this.advance();
    return readLedger(this.world, this.switches.chain);
  }

  /** Work that was thrown away because another owner had been there: what the row lock spares. */
  get vain(): number {
    return this.world.vain;
  }

  private startSenders(): void {
    const { world, random, switches, faults } = this;
    const events: Sent[] = [];
    for (let number = 0; number < EVENTS; number += 1) {
      const partition = number % PARTITIONS;
      const isPoison = faults.poison && random() < 0.06;
      events.push({ key: `k${number}`, content: number, isPoison, partition });
      if (!faults.repeats || random() > 0.25) continue;
      const again = events[this.below(events.length)] as Sent;
      const content = random() < 0.2 ? again.content + 1_000 : again.content;
      events.push({ ...again, content, partition: this.below(PARTITIONS) });
    }
    const halves = [events.filter((_, at) => at % 3 !== 0), events.filter((_, at) => at % 3 === 0)];
    for (const half of halves) {
      const batches: Sent[][] = [];
      while (half.length > 0) batches.push(half.splice(0, 1 + this.below(5)));
      this.senders.push(send({ world, random, switches, errs: faults.answers }, batches));
    }
  }

  private disturb(): void {
    const dice = this.random();
    if (dice < 0.03 && this.members.length > 1) this.kill(this.below(this.members.length));
    else if (dice < 0.06 && this.members.length < 4) this.join();
    else if (dice < 0.09) this.settle();
    else if (dice < 0.12) this.pick(this.members).pause = 20 + this.below(80);
  }

  // A sender or a member that is awake takes one step; a session that sleeps in its transaction may be ended by the server.
  private advance(): void {
    const awake = this.members.filter((member) => member.pause-- <= 0);
    const sender = this.below(3) === 0 ? this.below(this.senders.length) : -1;
    if (sender >= 0 && this.senders[sender]?.next().done) this.senders.splice(sender, 1);
    for (const { pause, tasks } of this.members)
      if (pause > 0 && this.random() < 0.05) for (const task of tasks.values()) task.cut();
    if (awake.length === 0) return;
    const { tasks } = this.pick(awake);
    if (tasks.size === 0) return;
    const [partition, task] = this.pick([...tasks]);
    if (task.steps.next().done) tasks.delete(partition);
  }

  private join(): void {
    this.members.push({ tasks: new Map(), pause: 0 });
    this.settle();
  }

  /** The group settles anew: each partition goes to one member; who had it before learns of it at its next look. */
  private settle(): void {
    for (const partition of this.world.partitions) {
      const owner = this.pick(this.members);
      for (const member of this.members) {
        const task = member.tasks.get(partition);
        if (task && member !== owner) task.isRevoked = true;
      }
      const own = owner.tasks.get(partition);
      if (own && !own.isRevoked) continue;
      // A task that was revoked and comes back is another one: what the old one was doing ends beside it.
      owner.tasks.delete(partition);
      own?.cut();
      owner.tasks.set(partition, this.task(partition));
    }
  }

  private task(partition: Partition): Task {
    const { world, random, switches, faults } = this;
    return new Task({ world, random, switches, errs: faults.answers }, partition);
  }

  private kill(index: number): void {
    const [member] = this.members.splice(index, 1);
    for (const task of member?.tasks.values() ?? []) task.cut();
    if (this.members.length > 0) this.settle();
  }

  private isDone(): boolean {
    return (
      this.senders.length === 0 &&
      this.world.partitions.every(
        ({ row, high, covered }) =>
          row.next >= high && (covered >= row.next || !this.switches.repair),
      )
    );
  }

  private pick<One>(from: readonly One[]): One {
    return from[this.below(from.length)] as One;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

/** Runs one seed to its end and gives what went wrong. */
export function simulate(seed: number, setting: Setting = {}): string[] {
  return new Simulation(seed, setting).run();
}
