import { LogUnavailable } from '../log/event-log.js';
import { AfterCommitLine } from './after-commit.js';
import { parseAtLeast } from './at-least.js';
import { backOffMs, reclaimMs } from './back-off.js';
import { Coalesced } from './coalesced.js';
import { isCommitUnknown, isPassing } from './failure-class.js';
import { reasonsOf, type PartitionView } from './reasons.js';
import { recordDigest } from './record-digest.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('failure', () => {
  it.each([
    ['08006', true],
    ['40001', true],
    ['40P01', true],
    ['55P03', true],
    ['57P01', true],
    ['57014', true],
    ['53100', true],
    ['25P03', true],
    ['ECONNREFUSED', true],
    ['ECONNRESET', true],
    ['23505', false],
    ['22P02', false],
    ['42P01', false],
    ['XX000', false],
  ])('%s passes by itself: %s', (code, passing) => {
    expect(isPassing(coded(code))).toBe(passing);
    expect(isPassing(Object.assign(new Error('q'), { driverError: coded(code) }))).toBe(passing);
  });

  it('of the log passes, of a programmer does not', () => {
    expect(isPassing(new LogUnavailable('away'))).toBe(true);
    expect(isPassing(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isPassing(new TypeError('x is undefined'))).toBe(false);
    expect(isPassing('text')).toBe(false);
  });

  it('of a COMMIT leaves it open unless the server refused it', () => {
    expect(isCommitUnknown(new Error('Connection terminated'))).toBe(true);
    expect(isCommitUnknown(coded('57P01'))).toBe(true);
    expect(isCommitUnknown(coded('ECONNRESET'))).toBe(true);
    expect(isCommitUnknown(coded('40001'))).toBe(false);
    expect(isCommitUnknown(coded('23505'))).toBe(false);
  });
});

describe('back-off', () => {
  it.each([
    // attempt  least   most
    [0, 50, 100],
    [1, 100, 200],
    [3, 400, 800],
    [9, 2_500, 5_000],
    [500, 2_500, 5_000],
  ])('%i waits %i to %i ms', (attempt, least, most) => {
    expect(backOffMs(attempt, () => 0)).toBe(least);
    expect(backOffMs(attempt, () => 1)).toBe(most);
  });

  it('of a claim after a loss is 0.1 to 5 s', () => {
    expect(reclaimMs(0, () => 0)).toBe(100);
    expect(reclaimMs(99, () => 1)).toBe(5_000);
  });
});

describe('record digest', () => {
  it('tells key from value and null from empty, and fits a bigint column', () => {
    const digest = (key: string | null, value: string): bigint =>
      recordDigest({ key, value: Buffer.from(value) });
    const digests = [digest(null, 'abc'), digest('', 'abc'), digest('a', 'bc'), digest('ab', 'c')];
    expect(new Set(digests).size).toBe(4);
    expect(digest('a', 'bc')).toBe(digest('a', 'bc'));
    for (const one of digests) expect(BigInt.asIntN(64, one)).toBe(one);
  });
});

describe('at_least', () => {
  it.each([
    ['usage.recorded:3:18220', [{ topic: 'usage.recorded', partition: 3, offset: 18_220 }]],
    ['', []],
  ])('%s is %j', (text, wanted) => {
    expect(parseAtLeast(text)).toEqual(wanted);
  });

  it.each(['a', 'a:1', 'a:1:', 'a:-1:2', 'a:1:2,', 'a:1:1e3', 'a:1:99999999999999999', ':1:2'])(
    '%s is refused by name',
    (text) => {
      expect(parseAtLeast(text)).toMatch(/^must be <topic>:<partition>:<offset>/);
    },
  );
});

describe('coalesced question', () => {
  it('shares the run that begins after the call, and no earlier one', async () => {
    let runs = 0;
    const ends: (() => void)[] = [];
    const question = new Coalesced(async () => {
      const run = ++runs;
      await new Promise<void>((resolve) => ends.push(resolve));
      return run;
    });
    const first = question.ask();
    const later = [question.ask(), question.ask()];
    ends[0]?.();
    expect(await first).toBe(1);
    await new Promise(setImmediate);
    ends[1]?.();
    expect(await Promise.all(later)).toEqual([2, 2]);
  });

  it('answers the next callers after a failure', async () => {
    let runs = 0;
    const question = new Coalesced(async () => {
      if (++runs === 1) throw new Error('away');
      return runs;
    });
    const [first, second] = [question.ask(), question.ask()];
    await expect(first).rejects.toThrow('away');
    expect(await second).toBe(2);
  });
});

describe('after-commit line', () => {
  it('runs in order and drops the rest after a failure', async () => {
    const ran: number[] = [];
    const failures: unknown[] = [];
    const line = new AfterCommitLine((error) => failures.push(error));
    const piece =
      (name: number, fails = false) =>
      async (): Promise<void> => {
        await new Promise(setImmediate);
        if (fails) throw new Error(`piece ${name}`);
        ran.push(name);
      };
    line.push(piece(1));
    line.push(piece(2, true));
    line.push(piece(3));
    await line.below(1);
    expect(ran).toEqual([1]);
    expect(failures).toEqual([new Error('piece 2')]);
  });

  it('waits for the running piece when it is dropped, and tells nobody of its failure', async () => {
    const failures: unknown[] = [];
    const line = new AfterCommitLine((error) => failures.push(error));
    let ended = false;
    line.push(async () => {
      await new Promise(setImmediate);
      ended = true;
      throw new Error('late');
    });
    await line.drop();
    expect(ended).toBe(true);
    expect(failures).toEqual([]);
  });
});

describe('readiness', () => {
  const state = (view: Partial<PartitionView>): PartitionView => ({
    at: { topic: 't', partition: 3 },
    ownership: 'owned',
    haltReason: undefined,
    unknownSince: 0,
    everOwned: true,
    waitingSince: undefined,
    ...view,
  });
  const reasons = (view: Partial<PartitionView>): string[] =>
    reasonsOf({
      name: 'p',
      crash: undefined,
      joined: true,
      states: [state(view)],
      now: 100_000,
      lagLimitMs: 10_000,
    });

  it.each<[string, Partial<PartitionView>, string[]]>([
    ['owned and idle', {}, []],
    ['ten seconds behind', { waitingSince: 90_000 }, []],
    ['a second more', { waitingSince: 89_000 }, ['p t[3] is 11 s behind']],
    ['halted', { ownership: 'halted', haltReason: 'log_gap' }, ['p t[3] is halted: log_gap']],
    ['never claimed', { ownership: 'unknown', everOwned: false }, ['p t[3] is not claimed yet']],
    ['claimed again just now', { ownership: 'unknown', unknownSince: 99_000 }, []],
    ['not claimed for long', { ownership: 'unknown' }, ['p t[3] is not claimed yet']],
    ['another instance’s', { ownership: 'away', waitingSince: 1 }, []],
  ])('of a partition %s', (_, view, expected) => {
    expect(reasons(view)).toEqual(expected);
  });
});
