import { rows } from '../../database/database.js';
import { Bench, tally, until } from './tally.js';

describe('projection runner under failure', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open(3);
  });
  afterEach(async () => {
    await bench.close();
  });

  const killOthers = async (): Promise<void> => {
    await bench.source.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  };
  // The pool may lend a connection that was just killed: then nothing is known yet.
  const total = async (): Promise<number> =>
    bench.folded().then(
      ({ records }) => records,
      () => -1,
    );

  it('does the slice again when its connection is killed inside the transaction', async () => {
    let kills = 3;
    await bench.append(0, 40);
    await bench.start(
      tally({
        duringFold: async (tx) => {
          if (kills-- <= 0) return;
          const [me] = await rows<{ pid: number }>(bench.source, 'SELECT 1 AS pid');
          expect(me?.pid).toBe(1);
          await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
        },
      }),
    );
    await until(async () => (await bench.position()) === 40);
    expect(await bench.folded()).toEqual({ records: 40, twice: 0, units: 40 });
    expect(await rows(bench.source, 'SELECT 1 FROM halt')).toEqual([]);
  });

  it('does the slice again when the connection dies between two statements', async () => {
    let kills = 2;
    await bench.append(0, 20);
    await bench.start(
      tally({
        duringFold: async (tx) => {
          if (kills-- <= 0) return;
          const [me] = await rows<{ pid: number }>(tx, 'SELECT pg_backend_pid() AS pid');
          await bench.source.query('SELECT pg_terminate_backend($1)', [me?.pid]);
          await new Promise((resolve) => {
            setTimeout(resolve, 50);
          });
        },
      }),
    );
    await until(async () => (await bench.position()) === 20);
    expect(await bench.folded()).toEqual({ records: 20, twice: 0, units: 20 });
    expect(await rows(bench.source, 'SELECT 1 FROM halt')).toEqual([]);
  });

  it('counts once while backends are killed at random', async () => {
    const runner = await bench.start(tally({ maxRecords: 7 }));
    await until(() => runner.reasonsNotReady().length === 0);
    for (let round = 0; round < 15; round++) {
      for (const partition of [0, 1, 2]) await bench.append(partition, 40);
      await killOthers().catch(() => undefined);
    }
    await until(async () => (await total()) === 1_800, 20_000);
    expect(await bench.folded()).toEqual({ records: 1_800, twice: 0, units: 1_800 });
    expect(await rows(bench.source, 'SELECT 1 FROM halt')).toEqual([]);
  });

  it.each([
    // what happens                                            the COMMIT was carried out
    ['happened though its answer was lost', true],
    ['did not happen', false],
  ])('claims again after a COMMIT that %s, and repairs what follows it', async (_, carriedOut) => {
    const published: number[] = [];
    const claims: number[] = [];
    let cuts = 1;
    await bench.append(0, 30);
    await bench.start(
      tally({
        duringFold: async (tx) => {
          const { queryRunner } = tx;
          if (queryRunner === undefined || cuts-- <= 0) return;
          const commit = queryRunner.commitTransaction.bind(queryRunner);
          queryRunner.commitTransaction = async () => {
            if (carriedOut) await commit();
            throw new Error('Connection terminated unexpectedly');
          };
        },
        afterCommit: async (slice) => {
          published.push(slice.first);
        },
        onClaimed: async (at, next) => {
          if (at.partition === 0) claims.push(next);
        },
      }),
    );
    await until(async () => (await bench.position()) === 30);
    await until(() => published.includes(20));
    expect(await bench.folded()).toEqual({ records: 30, twice: 0, units: 30 });
    expect(claims).toEqual(carriedOut ? [0, 10] : [0, 0]);
    expect(published).toEqual(carriedOut ? [10, 20] : [0, 10, 20]);
  });

  it('waits out a log that is away', async () => {
    await bench.append(0, 5);
    bench.log.available(false);
    const runner = await bench.start(tally());
    await new Promise((resolve) => {
      setTimeout(resolve, 150);
    });
    expect(runner.reasonsNotReady().length).toBeGreaterThan(0);
    bench.log.available(true);
    await until(async () => (await bench.position()) === 5);
  });

  it('reports its consumer’s death once and is not ready', async () => {
    const deaths: string[] = [];
    const runner = bench.runner(tally());
    runner.onCrash((error) => deaths.push(error.message));
    const { log } = bench;
    const consume = log.consume.bind(log);
    log.consume = async (options) => {
      const consumer = await consume(options);
      options.onCrash(new Error('no such codec'));
      return consumer;
    };
    await runner.start();
    expect(deaths).toEqual(['no such codec']);
    expect(runner.reasonsNotReady()).toEqual(['test.tally lost its consumer: no such codec']);
  });
});

describe('two runners of one projection', () => {
  it('share the partitions and count once while one comes and goes', async () => {
    const bench = await Bench.open(6);
    try {
      await bench.start(tally({ maxRecords: 5 }));
      for (let round = 0; round < 6; round++) {
        for (let partition = 0; partition < 6; partition++) await bench.append(partition, 20);
        const guest = await bench.start(tally({ maxRecords: 5 }));
        for (let partition = 0; partition < 6; partition++) await bench.append(partition, 20);
        await guest.stop();
      }
      await until(async () => (await bench.folded()).records === 1_440, 20_000);
      expect(await bench.folded()).toEqual({ records: 1_440, twice: 0, units: 1_440 });
    } finally {
      await bench.close();
    }
  });

  it('count once even where both believe that they own everything', async () => {
    const bench = await Bench.open(3);
    try {
      // Two groups of the log, one set of rows: what a zombie and its successor do, for ever.
      const { log } = bench;
      const ownGroup = (suffix: string): typeof log =>
        Object.assign(Object.create(log) as typeof log, {
          consume: async (options: Parameters<typeof log.consume>[0]) =>
            log.consume({ ...options, group: `${options.group}-${suffix}` }),
        });
      await bench.start(tally({ maxRecords: 5 }), { log: ownGroup('a') });
      await bench.start(tally({ maxRecords: 5 }), { log: ownGroup('b') });
      for (let round = 0; round < 10; round++) {
        for (const partition of [0, 1, 2]) await bench.append(partition, 20);
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      await until(async () => (await bench.folded()).records === 600, 25_000);
      expect(await bench.folded()).toEqual({ records: 600, twice: 0, units: 600 });
      expect(await rows(bench.source, 'SELECT 1 FROM halt')).toEqual([]);
    } finally {
      await bench.close();
    }
  }, 40_000);
});
