import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import type { KeyedEvent } from '../domain/interpret.js';
import { IdentityStore } from '../store/identity.store.js';
import { MIGRATIONS } from '../store/migrations.js';

const key = (number: number): string => `ffffffffffff${String(number).padStart(20, '0')}`;

const offered = (...pairs: (readonly [number, number])[]): KeyedEvent[] =>
  pairs.map(
    ([number, offset]) => ({ key: key(number), offset, fingerprint: BigInt(number) }) as KeyedEvent,
  );

const holder = (number: number, partition: number, offset: number) =>
  [key(number), { partition, offset, fingerprint: BigInt(number) }] as const;

describe('identity store', () => {
  let source: DataSource;
  let identities: IdentityStore;
  beforeAll(async () => {
    source = await freshDatabase(MIGRATIONS);
  });
  beforeEach(async () => {
    await source.query('TRUNCATE identity');
    identities = new IdentityStore(source);
  });
  afterAll(async () => source.destroy());

  const claim = async (partition: number, entries: readonly KeyedEvent[]) =>
    source.transaction(async (tx) => identities.claim(tx, entries, partition));

  it('gives a slice its own keys where all are new', async () => {
    const held = await claim(1, offered([2, 11], [1, 10]));
    expect(held).toEqual(new Map([holder(1, 1, 10), holder(2, 1, 11)]));
    expect(await claim(2, [])).toEqual(new Map());
  });

  it('keeps the first holder of a key, and takes the new keys beside it', async () => {
    await claim(1, offered([1, 10]));
    const held = await claim(2, offered([1, 70], [2, 71]));
    expect(held).toEqual(new Map([holder(1, 1, 10), holder(2, 2, 71)]));
  });

  it('decides the slices after one with a repeat the same way', async () => {
    await claim(1, offered([1, 10]));
    for (let slice = 0; slice < 20; slice += 1) {
      const first = 2 + 2 * slice;
      const held = await claim(1, offered([first, first], [1, first + 1]));
      expect(held).toEqual(new Map([holder(first, 1, first), holder(1, 1, 10)]));
    }
    expect(await rows(source, 'SELECT count(*)::int AS keys FROM identity')).toEqual([
      { keys: 21 },
    ]);
  });

  it('makes two slices with the same keys wait for each other: the one that commits first has them', async () => {
    let release = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold = async (tx: EntityManager) => {
      const held = await identities.claim(tx, offered([1, 10], [3, 11]), 1);
      release();
      await tx.query('SELECT pg_sleep(0.2)');
      return held;
    };
    const first = source.transaction(hold);
    await both;
    const second = claim(2, offered([3, 90], [1, 91], [2, 92]));
    expect(await first).toEqual(new Map([holder(1, 1, 10), holder(3, 1, 11)]));
    expect(await second).toEqual(new Map([holder(1, 1, 10), holder(2, 2, 92), holder(3, 1, 11)]));
  });

  it('has the keys of a transaction that was rolled back for the next', async () => {
    const undone = source.transaction(async (tx) => {
      await identities.claim(tx, offered([1, 10]), 1);
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    expect(await claim(2, offered([1, 20]))).toEqual(new Map([holder(1, 2, 20)]));
  });
});
