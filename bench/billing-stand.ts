// Invoicing's stores on a database server of their own, durable as in production, with a month of usage of many organizations in it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { BillingRunReactor } from '../apps/invoicing/consumers/billing-run.reactor.js';
import type { MonthPage } from '../apps/invoicing/domain/month-page.js';
import { storesOf } from '../apps/invoicing/invoicing.module.js';
import { MIGRATIONS } from '../apps/invoicing/store/migrations.js';
import { migrate, openDatabase, rows } from '../libs/database/database.js';
import { TOPICS } from '../libs/events/topics.js';
import { ensureDatabase, type LocalPostgres, startLocalPostgres } from '../libs/stack/postgres.js';
import { Metrics } from '../libs/telemetry/metrics.js';
import { fillBillingMonth } from '../libs/testing/billing-month.js';
import { MemoryLog } from '../libs/testing/memory-log.js';
import type { Say } from './measure.js';
import { cpuSeconds } from './cpu.js';

export const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const CLOSED = Date.UTC(2026, 11, 2);
export class BillingStand {
  private readonly stores;

  private constructor(
    private readonly dir: string,
    private readonly postgres: LocalPostgres,
    private readonly source: DataSource,
    private readonly log: MemoryLog,
  ) {
    this.stores = storesOf(this.parts());
  }

  static async open(): Promise<BillingStand> {
    const dir = mkdtempSync(join(tmpdir(), 'meterbook-bench-'));
    chmodSync(dir, 0o755);
    const postgres = await startLocalPostgres({ dir: join(dir, 'postgres') });
    const url = await ensureDatabase(postgres.url, 'meterbook_invoicing');
    const source = await openDatabase({ url, name: 'bench', poolSize: 4, migrations: MIGRATIONS });
    await migrate(source);
    const log = new MemoryLog();
    await log.ensureTopics(TOPICS.map(({ name }) => ({ name, partitions: 1 })));
    return new BillingStand(dir, postgres, source, log);
  }

  async fill(organizations: number): Promise<void> {
    await fillBillingMonth(this.source, organizations, NOVEMBER.from);
    await this.source.query('CHECKPOINT');
  }

  async page(after: string | null, size = 2_000): Promise<MonthPage> {
    return this.stores.pages.read({ period: NOVEMBER, requested: null, after, size });
  }

  issuing() {
    return this.stores.issuing;
  }

  /** A whole run, from its evidence to its last document; gives how many it issued. */
  async run(say: Say): Promise<number> {
    const { runs } = this.stores;
    const id = 'run_bench';
    await runs.create({ id, period: NOVEMBER, requested: null, createdAt: CLOSED }, 'bench');
    const timer = setInterval(() => {
      void runs.summary(id).then(({ counts }) => {
        say(`issued ${counts.issued}`);
      });
    }, 5_000);
    await new BillingRunReactor({ ...this.parts(), ...this.stores }).advanceAll();
    clearInterval(timer);
    return (await runs.summary(id)).counts.issued;
  }

  /** Throws unless there is one document for each organization, numbered without a gap. */
  async check(organizations: number): Promise<void> {
    const [found] = await rows<{ documents: string; billed: string; last: string }>(
      this.source,
      `SELECT count(*) AS documents, count(DISTINCT organization) AS billed,
         max(substring(number FROM '[0-9]+$')::bigint) AS last FROM invoice`,
    );
    const { documents, billed, last } = found ?? {};
    if ([documents, billed, last].every((figure) => figure === String(organizations))) return;
    throw new Error(`${documents} documents for ${billed} organizations up to number ${last}`);
  }

  async walBytes(): Promise<number> {
    const [row] = await rows<{ bytes: string }>(
      this.source,
      `SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes`,
    );
    return Number(row?.bytes);
  }

  /** Of what a run writes, with its indexes. */
  async tableBytes(): Promise<number> {
    const [row] = await rows<{ bytes: string }>(
      this.source,
      `SELECT sum(pg_total_relation_size(name::regclass)) AS bytes
       FROM unnest('{invoice,invoice_line,announcement}'::text[]) AS one (name)`,
    );
    return Number(row?.bytes);
  }

  /** CPU seconds of the database server so far. */
  postgresCpu(): number {
    return cpuSeconds(this.postgres.pid);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.source.destroy();
    await this.postgres.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private parts() {
    return {
      log: this.log,
      source: this.source,
      projections: this.source,
      clock: () => CLOSED,
      logger: pino({ level: 'warn' }),
      metrics: new Metrics('invoicing'),
      adminKey: 'bench',
      instance: 'bench',
      billing: {
        graceHours: 24,
        dueDays: 30,
        legalEntity: 'MB',
        bounds: { factor: 10, floor: 1_000, ceiling: null },
      },
      webhooks: { sealingKey: 'bench', allowedNetworks: [] },
    };
  }
}
