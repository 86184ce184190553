// Quota for specs (longer than 200 lines: one place for all that a spec starts): a fresh database, a memory log, real projections, a clock that the spec moves.
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { type AccountFact, encodeFact } from '#libs/events/account-facts.js';
import { encodeCatalogFact } from '#libs/events/catalog-fact.js';
import { encodeMetered, type MeteredEvent } from '#libs/events/metered-batch.js';
import { ACCOUNTS, CATALOG, TOPICS, USAGE_METERED } from '#libs/events/topics.js';
import { openDatabase } from '#libs/database/database.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { AccountStore } from '#libs/accounts/account.store.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { type QuotaParts, quotaRunners } from '../consumers/quota-runners.js';
import { admissionOf } from '../store/admission-of.js';
import { BucketStore } from '../store/bucket.store.js';
import { MIGRATIONS } from '../store/migrations.js';
import { PageLoader } from '../store/page-loader.js';
import { QuotaReader } from '../store/quota-reader.js';
import { StandingReader } from '../store/standing-reader.js';
import { TermsStore } from '../store/terms.store.js';

/** Noon of a day in mid-month. */
export const NOON = Date.UTC(2026, 10, 16, 12);

/** Half a cent per thousand input tokens, a cent per thousand output tokens; free has a small minute. */
export const CATALOG_TEXT = `version: 2026-11-a
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama: { title: Llama, prices: { on_demand: { input: "5", cached_input: "2.5", output: "10" } } }
  other: { prices: { on_demand: { input: "1" } } }
tiers:
  free:
    monthly_fee: "0"
    usage: free
    features: [community_support]
    limits: { llama: { requests_per_minute: 30, tokens_per_minute: 6000, tokens_per_day: null } }
  developer:
    monthly_fee: "20"
    usage: metered
    features: [chat_support, batch]
    limits: { llama: { requests_per_minute: 1000, tokens_per_minute: 60000 } }
`;

export const PROFILE = {
  name: 'Acme',
  currency: 'USD',
  profile: 'groq',
  taxIds: [],
  legalName: null,
  email: null,
  address: null,
  timezoneLabel: null,
} as const;

type WithoutCommon<Fact> = Fact extends AccountFact ? Omit<Fact, 'version' | 'recordedAt'> : never;

export class Stand {
  now = NOON;
  private facts = 0;
  private catalogs = 0;
  private readonly next = new Map<number, number>();
  private servers: ProjectionServer[] = [];

  private constructor(
    readonly source: DataSource,
    readonly projections: DataSource,
    readonly log: MemoryLog,
  ) {}

  static async open(partitions = 2): Promise<Stand> {
    const source = await freshDatabase(MIGRATIONS, 6);
    const url = (source.options as { url: string }).url;
    const projections = await openDatabase({ url, name: 'test projections', poolSize: 10 });
    const log = new MemoryLog();
    await log.ensureTopics(
      TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : partitions })),
    );
    return new Stand(source, projections, log);
  }

  parts(): QuotaParts {
    return {
      log: this.log,
      source: this.source,
      projections: this.projections,
      clock: () => this.now,
      logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
      metrics: new Metrics('quota'),
      adminKey: 'given by the specs of the door',
      instance: `test-${this.servers.length}`,
    };
  }

  /** Starts the projections as a process would; `stop` on what it gives ends them. */
  async start(parts = this.parts()): Promise<ProjectionServer> {
    const server = new ProjectionServer(quotaRunners(parts));
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.listen((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
    return server;
  }

  reader(): QuotaReader {
    const accounts = new AccountStore(this.source);
    const catalogs = new CatalogStore(this.source);
    const stores = {
      terms: new TermsStore(accounts, catalogs),
      hours: new UsageHourStore(this.source),
      buckets: new BucketStore(this.source),
      standings: new StandingReader(this.source, new PageLoader(admissionOf(this.parts()).stores)),
    };
    return new QuotaReader(stores, () => this.now);
  }

  async publish(text = CATALOG_TEXT): Promise<void> {
    const value = encodeCatalogFact({
      factId: ++this.catalogs,
      fact: {
        catalogVersion: /version: (\S+)/.exec(text)?.[1] ?? '',
        effectiveFrom: Date.parse(/effective_from: (\S+)/.exec(text)?.[1] ?? ''),
        mediaType: 'application/yaml',
        document: Buffer.from(text),
        recordedAt: this.now,
      },
    });
    await this.log.append(CATALOG, 0, [{ key: null, value }]);
  }

  async tell(part: WithoutCommon<AccountFact>): Promise<void> {
    const fact = { version: 1, recordedAt: this.now, ...part } as AccountFact;
    const value = encodeFact({ factId: ++this.facts, fact });
    await this.log.append(ACCOUNTS, 0, [{ key: null, value }]);
  }

  async register(organization = 'org_acme', tier = 'free'): Promise<void> {
    const profile = { ...PROFILE, tier };
    await this.tell({
      type: 'OrganizationRegistered',
      organization,
      profile,
      effectiveFrom: NOON - 86_400_000 * 30,
    });
  }

  /** Appends one metered batch that follows the one before; gives it, so that it can be sent again. */
  async meter(events: readonly MeteredEvent[], partition = 0): Promise<Buffer> {
    const from = this.next.get(partition) ?? 0;
    const placed = events.map((event, index) => ({ ...event, offset: from + index }));
    const to = from + events.length;
    this.next.set(partition, to);
    const value = encodeMetered({ version: 1, partition, from, to, events: placed });
    await this.log.append(USAGE_METERED, partition, [{ key: null, value }]);
    return value;
  }

  async again(value: Buffer, partition = 0): Promise<void> {
    await this.log.append(USAGE_METERED, partition, [{ key: null, value }]);
  }

  /** Everything that usage left behind, for comparing two ways to the same state. */
  async state(): Promise<unknown> {
    return Promise.all([
      this.source.query(
        `SELECT * FROM usage_hour
         ORDER BY organization, hour, model, service_tier, adapter, project, quantity`,
      ),
      this.source.query('SELECT * FROM bucket ORDER BY organization, model, limit_name'),
      this.source.query('SELECT * FROM chain_position ORDER BY partition'),
    ]);
  }

  /** Waits until usage was folded up to the end of the log and taken into standings; throws after ten seconds. */
  async caughtUp(): Promise<void> {
    const end = Date.now() + 10_000;
    for (;;) {
      const marks = await this.log.watermarks(USAGE_METERED);
      const found = (await this.source.query(
        `SELECT partition, next_offset FROM stream_offset WHERE projection = 'quota.usage'`,
      )) as { partition: number; next_offset: string }[];
      const at = new Map(found.map((row) => [row.partition, Number(row.next_offset)]));
      const [{ waits }] = await this.source.query(
        'SELECT EXISTS (SELECT FROM usage_inbox) AS waits',
      );
      const isFolded = marks.every(({ partition, high }) => (at.get(partition) ?? -1) >= high);
      if (isFolded && waits === false) return;
      if (Date.now() > end) throw new Error(`not caught up: ${JSON.stringify([...at])}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map(async (server) => server.close()));
    await this.log.close();
    await this.projections.destroy();
    await this.source.destroy();
  }
}
