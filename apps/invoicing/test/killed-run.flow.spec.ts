// A billing run whose process is killed with SIGKILL, again and again: everyone has one document, numbers have no gap, and the money
// is that of a run that nobody killed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { Environment } from '#libs/config/environment.js';
import { openDatabase, rows } from '#libs/database/database.js';
import { TOPICS } from '#libs/events/topics.js';
import { newApiKey } from '#libs/http/api-key.js';
import { freePort } from '#libs/stack/ports.js';
import { startService, untilServiceReady } from '#libs/stack/service-process.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { fillBillingMonth } from '#libs/testing/billing-month.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase, freshDatabaseUrl } from '#libs/testing/postgres.js';
import { BillingRunReactor } from '../consumers/billing-run.reactor.js';
import { sellerFrom } from '../http/seller.js';
import { storesOf } from '../invoicing.module.js';
import { ChainStore } from '../store/chain.store.js';
import { MIGRATIONS } from '../store/migrations.js';

const ORGANIZATIONS = 4_000;
const KILLS = 4;
const SEPTEMBER = { from: Date.UTC(2026, 8, 1), to: Date.UTC(2026, 9, 1) };
const ADMIN = newApiKey();

describe('a billing run under SIGKILL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'killed-run-'));
  let url: string;
  let killed: DataSource;
  let whole: DataSource;
  let logUrl: string;
  let pid: number | undefined;
  let starts = 0;

  beforeAll(async () => {
    const filled = await freshDatabase(MIGRATIONS);
    await fillBillingMonth(filled, ORGANIZATIONS, SEPTEMBER.from);
    url = (filled.options as { url: string }).url;
    await filled.destroy();
    const twin = await twinOf(url);
    killed = await openDatabase({ url, name: 'spec', poolSize: 2 });
    whole = await openDatabase({ url: twin, name: 'spec', poolSize: 4 });
    logUrl = await freshDatabaseUrl('log');
  });
  afterAll(async () => {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await killed.destroy();
    await whole.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<string> {
    const port = await freePort();
    const logFile = join(folder, `invoicing-${(starts += 1)}.log`);
    const env = {
      DATABASE_URL: url,
      EVENT_LOG: 'embedded',
      LOG_DATABASE_URL: logUrl,
      MB_ADMIN_KEY: ADMIN.key,
      LOG_LEVEL: 'warn',
      TOPIC_PARTITIONS: '1',
      BILLING_RUN_PAGE: '50',
    };
    pid = startService({ name: 'invoicing', port, logFile, env });
    const at = `http://127.0.0.1:${port}`;
    await untilServiceReady(at, pid, logFile);
    return at;
  }

  const issued = async (): Promise<number> => {
    const [row] = await rows<{ issued: string }>(
      killed,
      'SELECT sum(issued) AS issued FROM billing_run',
    );
    return Number(row?.issued);
  };

  /** Lets the run go on for a random while, then kills its process; gives how far it had come. */
  const killMidRun = async (before: number): Promise<number> => {
    const goal = before + 1 + Math.floor(Math.random() * (ORGANIZATIONS / 8));
    while ((await issued()) < goal) await sleep(2);
    await sleep(Math.random() * 30);
    process.kill(pid as number, 'SIGKILL');
    pid = undefined;
    // Postgres ends the transaction of a connection that broke.
    await sleep(200);
    return issued();
  };

  it('issues everyone once, without a gap, for the same money as a run without a kill', async () => {
    const at = await start();
    const asked = await fetch(`${at}/v1/billing-runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ period: '2026-09' }),
    });
    expect(asked.status).toBe(202);
    const { id } = (await asked.json()) as { id: string };
    const places: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      places.push(await killMidRun(places.at(-1) ?? 0));
      await start();
    }
    // Every kill was amid the run.
    expect(places.every((place) => place > 0 && place < ORGANIZATIONS)).toBe(true);
    const end = Date.now() + 60_000;
    while ((await stateOf(killed, id)) !== 'done' && Date.now() < end) await sleep(50);
    expect(await stateOf(killed, id)).toBe('done');

    await runWhole(whole);
    expect(await figures(killed)).toEqual(await figures(whole));
    expect(await figures(killed)).toMatchObject({
      documents: String(ORGANIZATIONS),
      organizations: String(ORGANIZATIONS),
      first: `MB-2026-000001`,
      last: `MB-2026-${String(ORGANIZATIONS).padStart(6, '0')}`,
      lines: String(3 * ORGANIZATIONS),
      told: String(ORGANIZATIONS),
    });
    expect(await new ChainStore(killed).check()).toMatchObject([
      { legalEntity: 'MB', documents: BigInt(ORGANIZATIONS), broken: null },
    ]);
  }, 240_000);
});

async function twinOf(url: string): Promise<string> {
  const twin = new URL(url);
  twin.pathname = `${twin.pathname}_twin`;
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  const [from, to] = [new URL(url), twin].map(({ pathname }) => pathname.slice(1));
  await client.query(`CREATE DATABASE ${to} TEMPLATE ${from}`);
  await client.end();
  return twin.toString();
}

async function stateOf(source: DataSource, id: string): Promise<string | undefined> {
  const [run] = await rows<{ state: string }>(
    source,
    'SELECT state FROM billing_run WHERE id = $1',
    [id],
  );
  return run?.state;
}

/** The same month in this process, by pages of another size. */
async function runWhole(source: DataSource): Promise<void> {
  const log = new MemoryLog();
  await log.ensureTopics(TOPICS.map(({ name }) => ({ name, partitions: 1 })));
  const parts = {
    log,
    source,
    projections: source,
    clock: Date.now,
    logger: pino({ level: 'silent' }),
    metrics: new Metrics('invoicing'),
    adminKey: ADMIN.key,
    instance: 'whole',
    billing: {
      graceHours: 24,
      dueDays: 30,
      legalEntity: 'MB',
      pageSize: 700,
      // As the killed process has it: the document keeps who issued it.
      seller: sellerFrom(new Environment({})),
    },
    webhooks: { sealingKey: ADMIN.key, allowedNetworks: [] },
  };
  const stores = storesOf(parts);
  const run = { id: 'run_whole', period: SEPTEMBER, requested: null, createdAt: Date.now() };
  await stores.runs.create(run, 'spec');
  await new BillingRunReactor({ ...parts, ...stores }).advanceAll();
  await log.close();
}

/** What must not hang on kills; documents but for their instants and their cut, each under its number. */
async function figures(source: DataSource) {
  const [found] = await rows(
    source,
    `SELECT count(*) AS documents, count(DISTINCT organization) AS organizations,
       min(number) AS first, max(number) AS last, sum(total_minor) AS total,
       sum(subtotal_femto) AS exact, (SELECT count(*) FROM invoice_line) AS lines,
       (SELECT sum(amount_femto) FROM invoice_line) AS line_exact,
       (SELECT count(*) FROM announcement) AS told,
       md5(string_agg((document::jsonb - 'issued_at' - 'due_at' - 'cut')::text, '' ORDER BY number))
         AS documents_md5
     FROM invoice`,
  );
  return found;
}
