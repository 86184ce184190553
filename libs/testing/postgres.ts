// Databases for tests: each call is a fresh, empty database of the server that the test run started (tools/jest-servers.js).
import { randomBytes } from 'node:crypto';
import type { DataSource, MigrationInterface } from 'typeorm';
import { migrate, openDatabase } from '../database/database.js';
import { ensureDatabase } from '../stack/postgres.js';

/** The URL of a new empty database. */
export async function freshDatabaseUrl(prefix = 'test'): Promise<string> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run this spec through `npm test`');
  return ensureDatabase(server, `${prefix}_${randomBytes(6).toString('hex')}`);
}

/** A new database with the given migrations run; the caller destroys the source in `afterAll`. */
export async function freshDatabase(
  migrations: readonly (new () => MigrationInterface)[],
  poolSize = 4,
): Promise<DataSource> {
  const source = await openDatabase({
    url: await freshDatabaseUrl(),
    name: 'test',
    poolSize,
    migrations,
  });
  await migrate(source);
  return source;
}
