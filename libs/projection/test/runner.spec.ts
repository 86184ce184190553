import { Bench, tally, until } from './tally.js';

describe('projection runner', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open(2);
  });
  afterEach(async () => {
    await bench.close();
  });

  it('folds what was there and what comes, once, and moves the position with it', async () => {
    await bench.append(0, [1, 2, 3]);
    await bench.start(tally({ maxRecords: 2 }));
    await until(async () => (await bench.position()) === 3);
    await bench.append(0, [4]);
    await bench.append(1, [5]);
    await until(async () => (await bench.folded()).records === 5);
    expect(await bench.folded()).toEqual({ records: 5, twice: 0, units: 15 });
    const row = await bench.row();
    expect(row).toMatchObject({ next_offset: '4', epoch: '1', applied: '4', digest_a: '10' });
    expect(BigInt(row['digest_b'] ?? 0)).toBe(2n ** 64n - 10n);
  });

  it('goes on at the row after a restart, under a new epoch', async () => {
    await bench.append(0, 25);
    const first = await bench.start(tally());
    await until(async () => (await bench.position()) === 25);
    await first.stop();
    await bench.append(0, 5);
    await bench.start(tally());
    await until(async () => (await bench.position()) === 30);
    expect(await bench.folded()).toEqual({ records: 30, twice: 0, units: 30 });
    expect((await bench.row())['epoch']).toBe('2');
  });

  it('abandons a slice when the epoch was taken, and claims it back', async () => {
    let stolen = false;
    const steal = async (): Promise<void> => {
      if (stolen) return;
      stolen = true;
      await bench.stealEpoch();
    };
    await bench.append(0, 30);
    // The thief comes between two transactions: afterCommit runs outside of them.
    await bench.start(tally({ afterCommit: steal }));
    await until(async () => (await bench.position()) === 30);
    expect(await bench.folded()).toEqual({ records: 30, twice: 0, units: 30 });
    const row = await bench.row();
    expect(row).toMatchObject({ owner: 'instance-0' });
    expect(Number(row['epoch'])).toBeGreaterThanOrEqual(3);
  });

  it('folds nothing under an epoch that is not the row’s', async () => {
    let folds = 0;
    const duringFold = async (): Promise<void> => {
      folds++;
    };
    const runner = await bench.start(tally({ duringFold }));
    await until(() => runner.reasonsNotReady().length === 0);
    await bench.stealEpoch();
    await bench.stealEpoch(1);
    await bench.append(0, 3);
    await until(async () => (await bench.position()) === 3);
    expect(folds).toBe(1);
    expect((await bench.row())['epoch']).toBe('3');
  });

  it('seeks to the row when the position was moved behind its back', async () => {
    await bench.append(0, 10);
    await bench.start(tally());
    await until(async () => (await bench.position()) === 10);
    // A restored backup: effect and position go back together.
    await bench.source.query('DELETE FROM seen; DELETE FROM total');
    await bench.source.query(
      'UPDATE stream_offset SET next_offset = 0, last_digest = NULL WHERE partition = 0',
    );
    await bench.append(0, 1);
    await until(async () => (await bench.position()) === 11);
    expect(await bench.folded()).toEqual({ records: 11, twice: 0, units: 11 });
  });

  it('runs what follows a commit in offset order, at most two behind', async () => {
    const begun: number[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const afterCommit = async (slice: { first: number }): Promise<void> => {
      begun.push(slice.first);
      await held;
    };
    await bench.append(0, 60);
    await bench.start(tally({ afterCommit }));
    await until(async () => (await bench.position()) === 20);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    expect(await bench.position()).toBe(20);
    expect(begun).toEqual([0]);
    release();
    await until(() => begun.length === 6);
    expect(begun).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('claims again after what follows a commit failed, so that the claim repairs it', async () => {
    const published: number[] = [];
    const claims: number[] = [];
    let failures = 1;
    const runner = await bench.start(
      tally({
        afterCommit: async (slice) => {
          if (slice.first === 10 && failures-- > 0) throw new Error('the log is away');
          published.push(slice.first);
        },
        onClaimed: async (at, nextOffset) => {
          if (at.partition === 0) claims.push(nextOffset);
        },
      }),
    );
    await until(() => runner.reasonsNotReady().length === 0);
    await bench.append(0, 20);
    await until(() => claims.length === 2);
    await bench.append(0, 10);
    await until(() => published.includes(20));
    expect(claims).toEqual([0, 20]);
    expect(published).toEqual([0, 20]);
  });

  it('repairs at the claim of an idle partition too', async () => {
    await bench.append(0, 10);
    const first = await bench.start(tally());
    await until(async () => (await bench.position()) === 10);
    await first.stop();
    const claims: string[] = [];
    const onClaimed = async (at: { partition: number }, next: number): Promise<void> => {
      claims.push(`${at.partition}:${next}`);
    };
    await bench.start(tally({ onClaimed }));
    await until(() => claims.length === 2);
    expect(claims.toSorted()).toEqual(['0:10', '1:0']);
  });

  it('waits at a gate until the named topic was read to its end', async () => {
    await bench.log.append('rules', 0, [{ key: null, value: Buffer.from('7') }]);
    await bench.append(0, 3);
    const after = [{ projection: 'test.rules', topic: 'rules' }];
    const runner = await bench.start(tally({ after }), { lagLimitMs: 100 });
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    expect(await bench.position()).toBe(0);
    expect(runner.reasonsNotReady()).toEqual([expect.stringMatching(/t\[0\] is \d+ s behind/)]);
    await bench.start(tally({ name: 'test.rules', topics: ['rules'] }));
    await until(async () => (await bench.position()) === 3);
    expect((await bench.folded()).units).toBe(10);
  });

  it('finishes the slice in hand and what follows it before it stops', async () => {
    const published: number[] = [];
    let inside: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => {
      inside = resolve;
    });
    await bench.append(0, 50);
    const runner = await bench.start(
      tally({
        duringFold: async () => {
          inside();
          await new Promise((resolve) => {
            setTimeout(resolve, 150);
          });
        },
        afterCommit: async (slice) => {
          published.push(slice.next);
        },
      }),
    );
    await entered;
    await runner.stop();
    expect(await bench.position()).toBe(10);
    expect(published).toEqual([10]);
    expect(await bench.folded()).toMatchObject({ records: 10, twice: 0 });
  });
});
