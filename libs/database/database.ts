// One Postgres database per service, reached through TypeORM; SQL stays visible in the stores.
// int8 and numeric arrive as strings and become BigInt in the stores: sums outgrow 2^53.
import { Client, type ClientConfig } from 'pg';
import { DataSource, type EntityManager, type MigrationInterface } from 'typeorm';

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in pg_stat_activity: `metering projections`. */
  readonly name: string;
  readonly poolSize: number;
  readonly migrations?: readonly (new () => MigrationInterface)[];
}

// "mbmi" in ASCII: one lock for the migrations of a database, so that two instances starting together run them once.
const MIGRATION_LOCK = 0x6d626d69;

// A connection that the server ends while the pool is giving it back has nobody else to hear of it, and an error event that nobody
// hears ends the process. Whoever uses a connection learns of its end by the statement that fails.
class HeardClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Connects; statements are bounded to 8 s, lock waits to 3 s, idle transactions to 10 s (projection-protocol.md, step 5). */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.name,
    migrations: [...(options.migrations ?? [])],
    migrationsTransactionMode: 'each',
    extra: {
      max: options.poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 8_000,
      lock_timeout: 3_000,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
      Client: HeardClient,
    },
  });
  return source.initialize();
}

/** Runs what has not run yet, under an advisory lock: safe beside other instances that start at the same time. */
export async function migrate(source: DataSource): Promise<void> {
  const locker = source.createQueryRunner();
  await locker.connect();
  try {
    await locker.query('SET statement_timeout = 0; SET lock_timeout = 0');
    await locker.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations();
  } finally {
    await locker.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await locker.query('RESET ALL');
    await locker.release();
  }
}

/** Rows of a SELECT or of an INSERT … RETURNING, typed by the caller who wrote the SQL. */
export async function rows<Row>(
  tx: EntityManager | DataSource,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return tx.query(sql, [...parameters]);
}

/** Runs an UPDATE or DELETE and gives how many rows it changed. */
export async function changed(
  tx: EntityManager | DataSource,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<number> {
  const [, count] = (await tx.query(sql, [...parameters])) as [unknown[], number];
  return count;
}

/** What of a pooled connection is used here. */
interface PreparingClient {
  query(prepared: { name: string; text: string; values: unknown[] }): Promise<{
    readonly rows: unknown[];
    readonly rowCount: number | null;
  }>;
}

/** What Postgres keeps of a statement's name, in bytes (NAMEDATALEN − 1): longer ones that begin alike are one to it (42P05). */
const LONGEST_NAME = 63;

/** A statement that a hot path runs again and again. */
export interface Prepared {
  /** Of this text alone, within the service's database; at most 63 characters of ASCII. */
  readonly name: string;
  readonly text: string;
}

/** Parsed and planned once per connection under its name: rows, as `rows` gives them. Only inside a transaction. */
export async function preparedRows<Row>(
  tx: EntityManager,
  statement: Prepared,
  parameters: readonly unknown[],
): Promise<Row[]> {
  return (await runPrepared(tx, statement, parameters)).rows as Row[];
}

/** The same for an INSERT, UPDATE or DELETE: how many rows it changed. */
export async function preparedChanged(
  tx: EntityManager,
  statement: Prepared,
  parameters: readonly unknown[],
): Promise<number> {
  return (await runPrepared(tx, statement, parameters)).rowCount ?? 0;
}

async function runPrepared(
  tx: EntityManager,
  { name, text }: Prepared,
  parameters: readonly unknown[],
): ReturnType<PreparingClient['query']> {
  if (name.length > LONGEST_NAME) throw new RangeError(`too long a name of a statement: ${name}`);
  const { queryRunner } = tx;
  if (!queryRunner) throw new Error('a prepared statement needs a transaction');
  // TypeORM has given back a connection that broke; asking for it again would get another one, outside the transaction.
  if (queryRunner.isReleased) throw new Error('the query runner was already released');
  const client = (await queryRunner.connect()) as PreparingClient;
  return client.query({ name, text, values: [...parameters] });
}
