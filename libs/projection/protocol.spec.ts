// Seeds of the whole protocol, sound and with one barrier taken out at a time: what each barrier is for (projection-protocol.md
// section 3). A failing seed is named in the failure and runs again alone.
import { cutSlice, judgeAhead, judgeBounds, judgeLock, judgeProbe, placeBatch } from './decide.js';
import { type Faults, simulate } from './test/protocol-simulation.js';
import type { Rules } from './test/protocol-worker.js';

const SOUND: Rules = {
  judgeBounds,
  judgeProbe,
  placeBatch,
  judgeAhead,
  judgeLock,
  cutSlice,
  mayAdvance: (row, mine) => row.next === mine.first && row.epoch === mine.epoch,
  repair: () => true,
  publishAfterFailure: false,
};
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 500);

function failing(rules: Rules, faults: Faults = {}): string[] {
  const failures: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { faults: found } = simulate(seed, rules, faults);
    if (found.length > 0) failures.push(`seed ${seed}: ${found[0]}`);
  }
  return failures;
}

describe('projection protocol', () => {
  it('loses, doubles and hides nothing under kills, zombies, lost commits and wrong seeks', () => {
    expect(failing(SOUND)).toEqual([]);
  });

  it('halts instead of skipping what was removed unread', () => {
    expect(failing(SOUND, { truncate: true })).toEqual([]);
    const halts = new Set<string | undefined>();
    for (let seed = 1; seed <= 200; seed++)
      halts.add(simulate(seed, SOUND, { truncate: true }).halt);
    expect(halts).toContain('log_gap');
  });

  it('halts at a log that was replaced', () => {
    expect(failing(SOUND, { rewrite: true })).toEqual([]);
  });

  it('needs the epoch for liveness only: without it nothing is counted wrongly', () => {
    const withoutEpoch: Rules = {
      ...SOUND,
      judgeLock: (row, mine) => judgeLock(row && { ...row, epoch: mine.epoch }, mine),
      mayAdvance: (row, mine) => row.next === mine.first,
    };
    expect(failing(withoutEpoch)).toEqual([]);
  });

  const blindLock: Rules = { ...SOUND, judgeLock: () => 'go', mayAdvance: () => true };
  it.each<[string, Rules, Faults, RegExp]>([
    // the barrier taken out, and what then goes wrong
    ['lock and compare-and-set', blindLock, {}, /folded [2-9] times/],
    [
      'the order of offsets',
      {
        ...blindLock,
        placeBatch: () => 'apply',
        cutSlice: (records, _, limits) => cutSlice(records, records[0]?.offset ?? 0, limits),
      },
      { truncate: true },
      /folded 0 times/,
    ],
    [
      'the probe of the last record',
      { ...SOUND, judgeProbe: () => ({ kind: 'owned' }) },
      { rewrite: true },
      /replaced/,
    ],
    ['the repair at the claim', { ...SOUND, repair: () => false }, {}, /reader: raw offsets/],
    [
      'the stop after a failed publication',
      { ...SOUND, publishAfterFailure: true },
      {},
      /reader: raw offsets/,
    ],
  ])('fails without %s', (_, rules, faults, fault) => {
    const failures = failing(rules, faults);
    expect(failures.length).toBeGreaterThan(SEEDS / 50);
    expect(failures.join('\n')).toMatch(fault);
  });
});
