// A projection for specs: it notes each record it folds and sums its units, so that a loss, a double or a lie shows as a number.
import { pino } from 'pino';
import type { DataSource, EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { changed, rows } from '../../database/database.js';
import type { EventLog, TopicPartition } from '../../log/event-log.js';
import { Metrics } from '../../telemetry/metrics.js';
import { freshDatabase } from '../../testing/postgres.js';
import { MemoryLog } from '../../testing/memory-log.js';
import type { FoldResult, Gate, Projection, Slice } from '../projection.js';
import { CreateProjectionTables1760000000001 } from '../projection-tables.js';
import { ProjectionRunner, type RunnerOptions } from '../runner.js';

export class CreateTally1760000009999 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // No key on `seen`: a record folded twice must show as two rows, not be refused.
    await runner.query('CREATE TABLE seen (topic text, partition int, record_offset bigint)');
    await runner.query('CREATE TABLE total (name text PRIMARY KEY, units numeric NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seen, total');
  }
}

export interface TallyHooks {
  readonly name?: string;
  readonly topics?: readonly string[];
  readonly maxRecords?: number;
  readonly after?: readonly Gate[];
  /** Inside the transaction, after the effect was written. */
  readonly duringFold?: (tx: EntityManager, slice: Slice) => Promise<void>;
  readonly afterCommit?: (slice: Slice, folded: number) => Promise<void>;
  readonly onClaimed?: (at: TopicPartition, nextOffset: number) => Promise<void>;
}

/** Values are decimal texts; `poison` makes the fold throw. Every record counts under the name `all`. */
export function tally(hooks: TallyHooks = {}): Projection<number, bigint[]> {
  return {
    name: hooks.name ?? 'test.tally',
    topics: hooks.topics ?? ['t'],
    maxRecords: hooks.maxRecords ?? 10,
    ...(hooks.after ? { after: hooks.after } : {}),
    prepare: (slice) => slice.records.map((record) => BigInt(record.value.toString())),
    async fold(tx, slice, prepared): Promise<FoldResult<number>> {
      await tx.query('INSERT INTO seen SELECT $1, $2, unnest($3::bigint[])', [
        slice.topic,
        slice.partition,
        slice.records.map((record) => record.offset),
      ]);
      const units = prepared.reduce((sum, one) => sum + one, 0n);
      await tx.query(
        `INSERT INTO total VALUES ('all', $1)
         ON CONFLICT (name) DO UPDATE SET units = total.units + excluded.units`,
        [units.toString()],
      );
      await hooks.duringFold?.(tx, slice);
      const applied = slice.records.length;
      const counts = { applied, duplicates: 0, quarantined: 0, digestA: units, digestB: -units };
      return { counts, folded: applied };
    },
    ...(hooks.afterCommit ? { afterCommit: hooks.afterCommit } : {}),
    ...(hooks.onClaimed ? { onClaimed: hooks.onClaimed } : {}),
  };
}

/** A database, a log with topic `t` of `partitions`, and runners that are stopped by `close`. */
export class Bench {
  readonly log: MemoryLog;
  readonly runners: ProjectionRunner[] = [];

  private constructor(
    readonly source: DataSource,
    readonly partitions: number,
  ) {
    this.log = new MemoryLog({ partitions });
  }

  static async open(partitions = 2): Promise<Bench> {
    const migrations = [CreateProjectionTables1760000000001, CreateTally1760000009999];
    return new Bench(await freshDatabase(migrations, 8), partitions);
  }

  runner(projection: Projection, options: Partial<RunnerOptions> = {}): ProjectionRunner {
    const log: EventLog = options.log ?? this.log;
    const runner = new ProjectionRunner({
      projection,
      source: this.source,
      clock: Date.now,
      logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
      metrics: new Metrics('test'),
      instance: `instance-${this.runners.length}`,
      ...options,
      log,
    });
    this.runners.push(runner);
    return runner;
  }

  async start(
    projection: Projection,
    options: Partial<RunnerOptions> = {},
  ): Promise<ProjectionRunner> {
    const runner = this.runner(projection, options);
    await runner.start();
    return runner;
  }

  /** Appends `count` records of one unit each, or the given values. */
  async append(partition: number, values: number | readonly (number | string)[]): Promise<void> {
    const list = typeof values === 'number' ? Array.from({ length: values }, () => 1) : values;
    await this.log.append(
      't',
      partition,
      list.map((value) => ({ key: null, value: Buffer.from(String(value)) })),
    );
  }

  /** Records folded, records folded more than once, and their units. */
  async folded(): Promise<{ records: number; twice: number; units: number }> {
    const [seen] = await rows<{ records: number; distinct: number }>(
      this.source,
      `SELECT count(*)::int AS records, count(DISTINCT (topic, partition, record_offset))::int AS distinct
       FROM seen`,
    );
    const [total] = await rows<{ units: string }>(this.source, 'SELECT units FROM total');
    const records = seen?.records ?? 0;
    return { records, twice: records - (seen?.distinct ?? 0), units: Number(total?.units ?? 0) };
  }

  async row(
    partition = 0,
    projection = 'test.tally',
    topic = 't',
  ): Promise<Record<string, string | null>> {
    const [row] = await rows<Record<string, string | null>>(
      this.source,
      'SELECT * FROM stream_offset WHERE projection = $1 AND topic = $2 AND partition = $3',
      [projection, topic, partition],
    );
    return row ?? {};
  }

  async position(partition = 0, projection = 'test.tally'): Promise<number> {
    return Number((await this.row(partition, projection))['next_offset'] ?? -1);
  }

  async stealEpoch(partition = 0): Promise<void> {
    await changed(
      this.source,
      "UPDATE stream_offset SET epoch = epoch + 1, owner = 'thief' WHERE partition = $1",
      [partition],
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.runners.map(async (runner) => runner.stop()));
    await this.log.close();
    await this.source.destroy();
  }
}

/** Waits until the question is answered with true; throws after ten seconds. */
export async function until(
  question: () => Promise<boolean> | boolean,
  limitMs = 10_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await question())) {
    if (Date.now() > end) throw new Error(`not so after ${limitMs} ms: ${question.toString()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
