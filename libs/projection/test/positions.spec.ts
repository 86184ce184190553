import type { DataSource } from 'typeorm';
import { rows } from '../../database/database.js';
import type { MeteredBatch, MeteredEvent } from '../../events/metered-batch.js';
import { Problem } from '../../http/problem.js';
import { freshDatabase } from '../../testing/postgres.js';
import { unseenEvents, unseenEventsOf } from '../chain.js';
import { PositionStore } from '../position-store.js';
import { PartitionHalt } from '../projection.js';
import { CreateProjectionTables1760000000001 } from '../projection-tables.js';
import { Bench, tally, until } from './tally.js';

const STREAMS = [
  { projection: 'quota.usage', topic: 'usage.metered', chain: true },
  { projection: 'quota.accounts', topic: 'accounts' },
];

describe('positions', () => {
  let source: DataSource;
  beforeAll(async () => {
    source = await freshDatabase([CreateProjectionTables1760000000001]);
  });
  beforeEach(async () => {
    await source.query('TRUNCATE stream_offset, chain_position');
    await source.query(`
      INSERT INTO stream_offset (projection, topic, partition, next_offset, epoch, owner, caught_up_at)
      VALUES ('quota.usage', 'usage.metered', 0, 3, 1, 'a', 1000),
             ('quota.usage', 'usage.metered', 1, 0, 1, 'a', 2000),
             ('quota.accounts', 'accounts', 0, 9, 1, 'a', 3000),
             ('other', 'accounts', 0, 1, 1, 'a', 1)`);
    await source.query("INSERT INTO chain_position VALUES ('quota.usage', 0, 1201)");
  });
  afterAll(async () => {
    await source.destroy();
  });

  const store = (): PositionStore => new PositionStore(source, STREAMS, () => 1_500);
  const problemOf = async (atLeast: string, waitMs = 0): Promise<Problem | undefined> =>
    store()
      .waitFor(atLeast, waitMs)
      .then(
        () => undefined,
        (error: Problem) => error,
      );

  it('are shown by raw offset for chain readers, with the oldest of the times', async () => {
    expect(await store().asOf()).toEqual({
      positions: { 'usage.recorded': { '0': 1201, '1': 0 }, accounts: { '0': 9 } },
      caught_up_at: '1970-01-01T00:00:01Z',
      lag_ms: 500,
    });
  });

  it('that were reached are not waited for', async () => {
    expect(await problemOf('usage.recorded:0:1201,accounts:0:9')).toBeUndefined();
    await store().waitFor(undefined, 0);
    await store().waitFor('', 0);
  });

  it('that are ahead answer 503 not_yet with retry-after', async () => {
    const problem = await problemOf('usage.recorded:0:1202', 50);
    expect(problem).toMatchObject({ status: 503, code: 'not_yet' });
    expect(problem?.headers).toEqual({ 'retry-after': '1' });
    expect(await problemOf('usage.recorded:7:1')).toMatchObject({ code: 'not_yet' });
  });

  it('that come while waiting end the wait', async () => {
    const waiting = problemOf('accounts:0:10', 5_000);
    await source.query(
      "UPDATE stream_offset SET next_offset = 10 WHERE projection = 'quota.accounts'",
    );
    expect(await waiting).toBeUndefined();
  });

  it.each(['nonsense', 'catalog:0:1', 'usage.metered:0:1'])('asked as %s are 400', async (text) => {
    expect(await problemOf(text)).toMatchObject({
      status: 400,
      errors: [expect.objectContaining({ pointer: '?at_least' })],
    });
  });

  it('of a chain are advanced with the effect and hand each event out once', async () => {
    const batch = (from: number, to: number): MeteredBatch => {
      const events = [from, to - 1].map((offset) => ({ offset }) as MeteredEvent);
      return { version: 1, partition: 5, from, to, events };
    };
    const offsets = async (...batches: MeteredBatch[]): Promise<number[]> => {
      const events = await source.transaction(async (tx) => unseenEventsOf(tx, 'reader', batches));
      return events.map((event) => event.offset);
    };
    expect(await offsets(batch(0, 10), batch(10, 20))).toEqual([0, 9, 10, 19]);
    expect(await offsets(batch(0, 10))).toEqual([]);
    expect(await offsets(batch(15, 25))).toEqual([24]);
    await expect(
      source.transaction(async (tx) => unseenEvents(tx, 'reader', batch(26, 30))),
    ).rejects.toThrow(PartitionHalt);
    expect(
      await rows(source, "SELECT next_offset FROM chain_position WHERE projection = 'reader'"),
    ).toEqual([{ next_offset: '25' }]);
  });
});

describe('caught up', () => {
  it('moves on for an idle partition, and stands at the last record of one that is behind', async () => {
    const bench = await Bench.open(1);
    try {
      await bench.append(0, 3);
      await bench.start(tally());
      await until(async () => (await bench.position()) === 3);
      const store = new PositionStore(
        bench.source,
        [{ projection: 'test.tally', topic: 't' }],
        Date.now,
      );
      const before = (await store.asOf()).caught_up_at;
      await until(async () => (await store.asOf()).caught_up_at > before);
      expect(await store.asOf()).toMatchObject({ positions: { t: { '0': 3 } } });
      expect((await store.asOf()).lag_ms).toBeLessThan(3_000);
    } finally {
      await bench.close();
    }
  });
});
