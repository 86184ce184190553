import { rows } from '../../database/database.js';
import {
  decodeMetered,
  encodeMetered,
  type MeteredBatch,
  type MeteredEvent,
} from '../../events/metered-batch.js';
import { Problem } from '../../http/problem.js';
import type { EventLog } from '../../log/event-log.js';
import { unseenEventsOf } from '../chain.js';
import { Halts } from '../halts.js';
import { PartitionHalt, type Projection } from '../projection.js';
import { Bench, tally, until } from './tally.js';

const AT = { projection: 'test.tally', topic: 't', partition: 0 };
const ACT = { by: 'key_ops', note: 'looked at it' };

describe('halted partition', () => {
  let bench: Bench;
  let halts: Halts;
  beforeEach(async () => {
    bench = await Bench.open(2);
    halts = new Halts(bench.source, bench.log, Date.now);
  });
  afterEach(async () => {
    await bench.close();
  });

  const haltedFor = async (reason: string): Promise<void> =>
    until(async () => (await bench.row())['halt_reason'] === reason);
  const problemOf = async (act: Promise<void>): Promise<string> =>
    act.then(
      () => 'none',
      (error: unknown) =>
        error instanceof Problem ? `${error.status} ${error.code}` : String(error),
    );

  it('stands before the poison, keeps its reason and lets the other partitions go on', async () => {
    await bench.append(0, [1, 2, 'poison', 4]);
    await bench.append(1, [10]);
    const runner = await bench.start(tally({ maxRecords: 2 }));
    await haltedFor('fold_failed');
    await until(async () => (await bench.position(1)) === 1);
    expect(await bench.row()).toMatchObject({
      next_offset: '2',
      halt_detail: expect.stringContaining('poison'),
    });
    expect(runner.reasonsNotReady()).toEqual(['test.tally t[0] is halted: fold_failed']);
    expect(await bench.folded()).toEqual({ records: 3, twice: 0, units: 13 });
  });

  it('stays halted over a restart', async () => {
    await bench.append(0, ['poison']);
    const first = await bench.start(tally());
    await haltedFor('fold_failed');
    await first.stop();
    let folds = 0;
    const second = await bench.start(
      tally({
        duringFold: async () => {
          folds++;
        },
      }),
    );
    await until(() => second.reasonsNotReady().some((reason) => reason.includes('is halted')));
    expect(folds).toBe(0);
  });

  it('goes on without the record that was quarantined, and keeps its bytes', async () => {
    await bench.append(0, [1, 'poison', 3]);
    await bench.start(tally());
    await haltedFor('fold_failed');
    await halts.quarantine(AT, 1, ACT);
    const asked = Date.now();
    await until(async () => (await bench.position()) === 3);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(await bench.folded()).toEqual({ records: 2, twice: 0, units: 4 });
    expect(await bench.row()).toMatchObject({ quarantined: '1', applied: '2', halt_reason: null });
    const kept = await rows(bench.source, 'SELECT record_offset, raw, reason FROM quarantine');
    expect(kept).toEqual([
      { record_offset: '1', raw: Buffer.from('poison'), reason: 'fold_failed' },
    ]);
    const audit = await rows(bench.source, 'SELECT verb, argument, note, resolved_by FROM halt');
    expect(audit).toEqual([
      { verb: 'quarantine', argument: '1', note: 'looked at it', resolved_by: 'key_ops' },
    ]);
  });

  it('tries the same slice again on retry', async () => {
    let broken = true;
    await bench.append(0, 5);
    await bench.start(
      tally({
        duringFold: async () => {
          if (broken) throw new PartitionHalt('schema_unknown', 'version 9');
        },
      }),
    );
    await haltedFor('schema_unknown');
    broken = false;
    await halts.retry(AT, ACT);
    await until(async () => (await bench.position()) === 5);
    expect(await bench.folded()).toEqual({ records: 5, twice: 0, units: 5 });
  });

  it('halts log_starts_late where records were removed before it read any, until the gap is accepted', async () => {
    await bench.append(0, 10);
    bench.log.truncateBefore('t', 0, 4);
    await bench.start(tally());
    await haltedFor('log_starts_late');
    expect(await problemOf(halts.acceptGap(AT, { from: 1, to: 3 }, ACT))).toBe('409 wrong_gap');
    await halts.acceptGap(AT, { from: 0, to: 3 }, ACT);
    await until(async () => (await bench.position()) === 10);
    expect((await bench.folded()).records).toBe(6);
  });

  it('halts log_gap where unread records were removed, also while it runs', async () => {
    await bench.append(0, 3);
    const first = await bench.start(tally());
    await until(async () => (await bench.position()) === 3);
    await first.stop();
    await bench.append(0, 7);
    bench.log.truncateBefore('t', 0, 8);
    await bench.start(tally());
    await haltedFor('log_gap');
    expect(await bench.position()).toBe(3);
    await halts.acceptGap(AT, { from: 3, to: 7 }, ACT);
    await until(async () => (await bench.position()) === 10);
    expect((await bench.folded()).records).toBe(5);
  });

  it('allows that just the record before the position was removed', async () => {
    await bench.append(0, 5);
    const first = await bench.start(tally());
    await until(async () => (await bench.position()) === 5);
    await first.stop();
    await bench.append(0, 2);
    bench.log.truncateBefore('t', 0, 5);
    await bench.start(tally());
    await until(async () => (await bench.position()) === 7);
    expect(await bench.folded()).toEqual({ records: 7, twice: 0, units: 7 });
  });

  it('halts log_truncated where the log ends before the position, without a record coming', async () => {
    await bench.append(0, 2);
    const first = await bench.start(tally());
    await until(async () => (await bench.position()) === 2);
    await first.stop();
    await bench.source.query('UPDATE stream_offset SET next_offset = 50 WHERE partition = 0');
    await bench.start(tally());
    await haltedFor('log_truncated');
    expect((await bench.row())['halt_detail']).toBe('the log ends at 2, before the position 50');
  });

  it('halts log_truncated where another record stands at its place, and goes on once that is accepted', async () => {
    await bench.append(0, 5);
    const first = await bench.start(tally());
    await until(async () => (await bench.position()) === 5);
    await first.stop();
    await bench.append(0, 1);
    await bench.source.query('UPDATE stream_offset SET last_digest = last_digest + 1');
    await bench.start(tally());
    await haltedFor('log_truncated');
    await halts.acceptGap(AT, { from: 5, to: 4 }, ACT);
    await until(async () => (await bench.position()) === 6);
    expect((await bench.folded()).records).toBe(6);
  });

  it('halts log_gap at offsets that are missing in the middle, and goes on behind them', async () => {
    await bench.append(0, 10);
    await bench.start(tally(), { log: withoutOffsets(bench.log, [4, 5]) });
    await haltedFor('log_gap');
    expect(await bench.row()).toMatchObject({
      next_offset: '4',
      halt_detail: 'offsets 4 to 5 are missing in the log',
    });
    await halts.acceptGap(AT, { from: 4, to: 5 }, ACT);
    await until(async () => (await bench.position()) === 10);
    expect(await bench.folded()).toEqual({ records: 8, twice: 0, units: 8 });
  });

  it('halts chain_hole at missing raw offsets, and goes on where the chain was accepted', async () => {
    const range = (from: number, to: number): MeteredBatch => {
      const events = [{ offset: from, deltas: [] as const } as unknown as MeteredEvent];
      return { version: 1, partition: 0, from, to, events };
    };
    const given: number[] = [];
    const reader: Projection = {
      name: 'test.tally',
      topics: ['t'],
      maxRecords: 1,
      async fold(tx, slice) {
        const batches = slice.records.map((record) => decodeMetered(record.value));
        const events = await unseenEventsOf(tx, 'test.tally', batches);
        given.push(...events.map((event) => event.offset));
        return {
          counts: { applied: 1, duplicates: 0, quarantined: 0, digestA: 0n, digestB: 0n },
          folded: undefined,
        };
      },
    };
    for (const batch of [range(0, 3), range(0, 3), range(5, 9)])
      await bench.log.append('t', 0, [{ key: null, value: encodeMetered(batch) }]);
    await bench.start(reader);
    await haltedFor('chain_hole');
    expect(await bench.position()).toBe(2);
    expect(await problemOf(halts.acceptGap(AT, { from: 2, to: 4 }, ACT))).toBe('409 wrong_gap');
    await halts.acceptGap(AT, { from: 3, to: 4 }, ACT);
    await until(async () => (await bench.position()) === 3);
    expect(given).toEqual([0, 5]);
  });

  it('refuses verbs where they do not apply', async () => {
    await bench.append(0, [1, 'poison']);
    await bench.start(tally({ maxRecords: 1 }));
    await haltedFor('fold_failed');
    const unknown = { ...AT, partition: 9 };
    await until(async () => (await bench.position(1)) === 0);
    expect(await problemOf(halts.retry(unknown, ACT))).toBe('404 unknown_partition');
    expect(await problemOf(halts.retry({ ...AT, partition: 1 }, ACT))).toBe('409 not_halted');
    expect(await problemOf(halts.quarantine(AT, 0, ACT))).toBe('409 already_read');
    expect(await problemOf(halts.quarantine(AT, 77, ACT))).toBe('404 unknown_offset');
    expect(await problemOf(halts.acceptGap(AT, { from: 1, to: 1 }, ACT))).toBe('409 not_a_gap');
  });
});

/** The same log with a hole, which neither adapter should ever show. */
function withoutOffsets(log: EventLog, missing: readonly number[]): EventLog {
  const present = (record: { offset: number }): boolean => !missing.includes(record.offset);
  return Object.assign(Object.create(log) as EventLog, {
    read: async (...[topic, partition, from]: Parameters<EventLog['read']>) =>
      (await log.read(topic, partition, from)).filter(present),
    consume: async (options: Parameters<EventLog['consume']>[0]) =>
      log.consume({
        ...options,
        onBatch: async (batch) =>
          options.onBatch({ ...batch, records: batch.records.filter(present) }),
      }),
  });
}
