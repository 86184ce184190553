// Invoicing for specs: a fresh database, a memory log, real projections, a clock that the spec moves.
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { openDatabase } from '#libs/database/database.js';
import { TOPICS, USAGE_RECORDED } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { BillingRunReactor } from '../consumers/billing-run.reactor.js';
import { type InvoicingParts, invoicingRunners } from '../consumers/invoicing-runners.js';
import type { InvoiceDocument } from '../domain/invoice-document.js';
import { storesOf } from '../invoicing.module.js';
import { MIGRATIONS } from '../store/migrations.js';
import { DAY_MS, HOUR_MS } from '#libs/time/instant.js';
import { LogWriter } from './log-writer.js';

export const ADMIN_KEY = newApiKey().key;
export const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
export const DECEMBER = { from: NOVEMBER.to, to: Date.UTC(2027, 0, 1) };
/** When November may be closed. */
export const CLOSABLE = NOVEMBER.to + 24 * HOUR_MS;

export class Stand extends LogWriter {
  private runs = 0;
  private readonly servers: ProjectionServer[] = [];

  private constructor(
    readonly source: DataSource,
    readonly projections: DataSource,
    log: MemoryLog,
  ) {
    super(log);
  }

  static async open(partitions = 2): Promise<Stand> {
    const source = await freshDatabase(MIGRATIONS, 10);
    const url = (source.options as { url: string }).url;
    const projections = await openDatabase({ url, name: 'test projections', poolSize: 10 });
    const log = new MemoryLog();
    await log.ensureTopics(
      TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : partitions })),
    );
    return new Stand(source, projections, log);
  }

  readonly parts = (): InvoicingParts => ({
    log: this.log,
    source: this.source,
    projections: this.projections,
    clock: () => this.now,
    logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
    metrics: new Metrics('invoicing'),
    adminKey: ADMIN_KEY,
    instance: `test-${this.servers.length}`,
    billing: { graceHours: 24, dueDays: 30, legalEntity: 'MB' },
    webhooks: { sealingKey: ADMIN_KEY, allowedNetworks: ['127.0.0.0/8'] },
  });

  stores() {
    return storesOf(this.parts());
  }

  /** What a process does in the background; the spec says when. */
  reactor(part: Partial<ReturnType<typeof storesOf>> = {}): BillingRunReactor {
    return new BillingRunReactor({ ...this.parts(), ...this.stores(), ...part });
  }

  /** The projections as a process would have them, not yet started. */
  server(): ProjectionServer {
    const server = new ProjectionServer(invoicingRunners(this.parts()));
    this.servers.push(server);
    return server;
  }

  async start(): Promise<ProjectionServer> {
    const server = this.server();
    await new Promise<void>((resolve, reject) => {
      server.listen((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
    return server;
  }

  /** Waits until all was folded that the log holds; throws after ten seconds. */
  async caughtUp(): Promise<void> {
    const { cuts } = this.stores();
    const evidence = { ...(await cuts.takeEvidence()), [USAGE_RECORDED]: {} };
    await until(async () => (await cuts.behind(evidence)).length === 0);
  }

  /** Asks for a run as the door does; gives its id. */
  async ask(organizations: readonly string[] | null = null, period = NOVEMBER): Promise<string> {
    this.runs += 1;
    const id = `run_${this.runs}`;
    const run = { id, period, requested: organizations, createdAt: this.now + this.runs };
    await this.stores().runs.create(run, 'spec');
    return id;
  }

  /** Bills a month a day after its end, with all that the log holds. */
  async bill(period = NOVEMBER): Promise<void> {
    await this.caughtUp();
    this.now = period.to + DAY_MS;
    await this.ask(null, period);
    await this.reactor().advanceAll();
  }

  async summary(id: string) {
    const { runs } = this.stores();
    const { counts, notIssued } = await runs.summary(id);
    return { state: (await runs.find(id))?.state, ...counts, notIssued };
  }

  /** Every invoice, the first issued first. */
  async documents(organization?: string): Promise<InvoiceDocument[]> {
    const filter = organization === undefined ? {} : { organization };
    const found = await this.stores().invoices.list(filter, 1_000);
    return found.toReversed().map(({ document }) => JSON.parse(document) as InvoiceDocument);
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map(async (server) => server.close()));
    await this.log.close();
    await this.projections.destroy();
    await this.source.destroy();
  }
}

/** Polls until it holds; throws after ten seconds, or what is given. */
export async function until(holds: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not come to hold in ${withinMs} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
