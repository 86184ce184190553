import type { DataSource } from 'typeorm';
import { freshDatabase } from '../../testing/postgres.js';
import { CopyRows, copyInto } from '../copy.js';
import { rows } from '../database.js';

const COLUMNS = ['id', 'small', 'large', 'word'];
const KEY = '0123456789abcdef0123456789abcdef';

describe('copy', () => {
  let source: DataSource;

  beforeAll(async () => {
    source = await freshDatabase([]);
    await source.query(
      'CREATE TABLE copied (id uuid PRIMARY KEY, small int NOT NULL, large bigint NOT NULL, word bigint NOT NULL)',
    );
  });
  afterEach(async () => source.query('TRUNCATE copied'));
  afterAll(async () => source.destroy());

  const one = (id: string, small: number, large: number, word: bigint): Buffer =>
    new CopyRows(1, 54, 4).row().uuid(id).int4(small).int8(large).bigint(word).end();

  it.each<[number, number, bigint]>([
    [0, 0, 0n],
    [-1, -1, -1n],
    [2 ** 31 - 1, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n],
    [-(2 ** 31), Number.MIN_SAFE_INTEGER, -(2n ** 63n)],
    [12, 2 ** 32, 0xffff_ffffn],
    [12, 2 ** 32 - 1, 0x1_0000_0000n],
  ])('keeps %d, %d and %d', async (small, large, word) => {
    await source.transaction(async (tx) =>
      copyInto(tx, 'copied', COLUMNS, one(KEY, small, large, word)),
    );
    expect(await rows(source, 'SELECT * FROM copied')).toEqual([
      {
        id: '01234567-89ab-cdef-0123-456789abcdef',
        small,
        large: String(large),
        word: String(word),
      },
    ]);
  });

  it('rejects with what Postgres says, and leaves the connection usable', async () => {
    await source.transaction(async (tx) => {
      await copyInto(tx, 'copied', COLUMNS, one(KEY, 1, 1, 1n));
      await tx.query('SAVEPOINT before');
      await expect(copyInto(tx, 'copied', COLUMNS, one(KEY, 2, 2, 2n))).rejects.toMatchObject({
        code: '23505',
      });
      await tx.query('ROLLBACK TO SAVEPOINT before');
      await copyInto(tx, 'copied', COLUMNS, one(KEY.replace('0', 'f'), 3, 3, 3n));
      expect(await rows(tx, 'SELECT small FROM copied ORDER BY small')).toEqual([
        { small: 1 },
        { small: 3 },
      ]);
    });
  });

  it('rejects when the connection is cut, as any statement does', async () => {
    const cut = source.transaction(async (tx) => {
      const [own] = await rows<{ pid: number }>(tx, 'SELECT pg_backend_pid() AS pid');
      await source.query('SELECT pg_terminate_backend($1)', [own?.pid]);
      await copyInto(tx, 'copied', COLUMNS, one(KEY, 1, 1, 1n));
    });
    await expect(cut).rejects.toThrow(/connection|administrator|already released/);
    expect(await rows(source, 'SELECT * FROM copied')).toEqual([]);
  });

  it('is refused outside a transaction', async () => {
    await expect(copyInto(source.manager, 'copied', COLUMNS, one(KEY, 1, 1, 1n))).rejects.toThrow(
      'COPY needs the connection of a transaction',
    );
  });
});
