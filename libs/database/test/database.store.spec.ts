import type { Pool } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { freshDatabaseUrl } from '../../testing/postgres.js';
import { changed, migrate, openDatabase, preparedRows, rows } from '../database.js';

class CreateThing1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE thing (id int PRIMARY KEY, amount numeric(38,0) NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE thing');
  }
}

describe('database', () => {
  let sources: DataSource[];

  beforeAll(async () => {
    const url = await freshDatabaseUrl();
    const open = async (): Promise<DataSource> =>
      openDatabase({ url, name: 'test', poolSize: 2, migrations: [CreateThing1700000000000] });
    sources = await Promise.all([open(), open(), open()]);
  });

  afterAll(async () => {
    await Promise.all(sources.map(async (source) => source.destroy()));
  });

  it('runs migrations once when three instances start together', async () => {
    await Promise.all(sources.map(migrate));
    const [source] = sources as [DataSource];
    expect(await rows(source, 'SELECT count(*)::int AS runs FROM migrations')).toEqual([
      { runs: 1 },
    ]);
  });

  it('outlives a connection that the server ends while nobody else listens to it', async () => {
    const [source] = sources as [DataSource];
    // Between the pool's hands and TypeORM's, and back.
    const { master } = source.driver as unknown as { master: Pool };
    const client = await master.connect();
    expect(() => client.emit('error', new Error('terminating connection'))).not.toThrow();
    client.release(true);
  });

  it('gives numeric sums as text and counts changed rows', async () => {
    const [source] = sources as [DataSource];
    await rows(source, 'INSERT INTO thing VALUES (1, $1)', [(2n ** 70n).toString()]);
    expect(await rows(source, 'SELECT amount FROM thing')).toEqual([
      { amount: '1180591620717411303424' },
    ]);
    expect(await changed(source, 'UPDATE thing SET amount = 1 WHERE id = 2')).toBe(0);
    expect(await changed(source, 'UPDATE thing SET amount = 1 WHERE id = 1')).toBe(1);
  });

  it('prepares no statement under a name that Postgres would cut off', async () => {
    const [source] = sources as [DataSource];
    const prepared = async (name: string): Promise<unknown> =>
      source.transaction(async (tx) => preparedRows(tx, { name, text: 'SELECT 1 AS one' }, []));
    expect(await prepared('n'.repeat(63))).toEqual([{ one: 1 }]);
    await expect(prepared('n'.repeat(64))).rejects.toThrow(RangeError);
  });
});
