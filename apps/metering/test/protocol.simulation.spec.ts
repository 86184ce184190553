// The protocol under 20,000 interleavings, each rule taken out, and each barrier alone (projection-protocol.md section 3). A seed that
// fails is named; `SIMULATION_SEED=n npx jest protocol.simulation` runs it alone.
import { simulate, Simulation, type Setting } from './simulation/simulation.js';
import type { Faults, Switches } from './simulation/switches.js';

const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 20_000);
const ONLY = process.env['SIMULATION_SEED'];
const OFF_SEEDS = 400;

function failing(setting: Setting, seeds: number): string[] {
  const failures: string[] = [];
  const first = ONLY === undefined ? 1 : Number(ONLY);
  const last = ONLY === undefined ? seeds : first;
  for (let seed = first; seed <= last; seed += 1) {
    const faults = simulate(seed, setting);
    if (faults.length > 0) failures.push(`SIMULATION_SEED=${seed}: ${faults.join('; ')}`);
  }
  return failures;
}

describe('protocol simulation', () => {
  it('loses, doubles and hides nothing, whatever dies, sleeps, repeats, moves or is poison', () => {
    expect(failing({}, SEEDS).slice(0, 5)).toEqual([]);
  }, 180_000);

  it('is the same for the same seed', () => {
    const off: Setting = { switches: { identity: false } };
    for (let seed = 1; seed <= 20; seed += 1)
      expect(simulate(seed, off)).toEqual(simulate(seed, off));
  });

  it.each<[keyof Switches, Partial<Switches>, RegExp]>([
    // the rule, what else must be off since it hides the rule's absence, and what then goes wrong
    ['rowLock', { compareAndSet: false }, /counted [2-9] times/],
    ['compareAndSet', { rowLock: false }, /counted [2-9] times/],
    ['identity', {}, /counted [2-9] times/],
    ['chain', {}, /reader of \d has \d+ of/],
    ['repair', {}, /reader of \d: raw offsets/],
    ['stopAfterFailure', {}, /reader of \d: raw offsets/],
    ['explicitPartition', {}, /acknowledged and is not in the log/],
    ['oneInFlight', {}, /acknowledged and is not in the log/],
    ['replyCheck', {}, /acknowledged and is not in the log/],
    ['seek', { rowLock: false, compareAndSet: false }, /counted 0 times/],
    ['poisonIsolation', {}, /counted 0 times/],
  ])('fails without %s', (rule, hidden, fault) => {
    const failures = failing({ switches: { ...hidden, [rule]: false } }, OFF_SEEDS);
    expect(failures.length).toBeGreaterThan(OFF_SEEDS / 20);
    expect(failures.join('\n')).toMatch(fault);
  });

  it('needs the lock beside the compare-and-set for what it spares: folds that are thrown away', () => {
    const vain = (switches: Partial<Switches>): number => {
      let sum = 0;
      for (let seed = 1; seed <= OFF_SEEDS; seed += 1) {
        const simulation = new Simulation(seed, { switches });
        expect(simulation.run()).toEqual([]);
        sum += simulation.vain;
      }
      return sum;
    };
    expect(vain({ compareAndSet: true })).toBe(0);
    expect(vain({ rowLock: false })).toBeGreaterThan(10);
  });

  const NO_FAULT: Faults = { processes: false, repeats: false, poison: false, answers: false };
  it.each<[string, Partial<Switches>, Partial<Faults>]>([
    // the barrier alone, what else would help off, and the faults that it is for: an answer that is lost makes a repeat in the log,
    // which is the identity's work; a process that dies makes a slice come again, which is the checkpoint's
    ['checkpoint', { identity: false, chain: true }, { repeats: false, answers: false }],
    ['lock of the checkpoint', { compareAndSet: false }, {}],
    ['compare-and-set of the checkpoint', { rowLock: false }, {}],
    [
      'identity',
      { rowLock: false, compareAndSet: false },
      { ...NO_FAULT, repeats: true, poison: true },
    ],
    ['chain', { identity: false }, { ...NO_FAULT, processes: true }],
  ])('holds with the %s alone', (_, switches, faults) => {
    expect(failing({ switches, faults }, 2_000).slice(0, 5)).toEqual([]);
  });
});
