// A control plane without HTTP for the specs of the outbox: a fresh database, a memory log, a clock that the spec moves.
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { CreateAccountTables1760000000003 } from '#libs/accounts/account-tables.js';
import { accountFold } from '#libs/accounts/accounts-projection.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { catalogFold } from '#libs/catalog/catalog-projection.js';
import { CreateCatalogTables1760000000004 } from '#libs/catalog/catalog-tables.js';
import type { FactFold } from '#libs/accounts/fact-head.js';
import { type AccountFact, decodeFact } from '#libs/events/account-facts.js';
import { ACCOUNTS, CATALOG } from '#libs/events/topics.js';
import type { EventLog } from '#libs/log/event-log.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { OutboxReactor } from '../consumers/outbox.reactor.js';
import { decideCredit } from '../domain/decide-money.js';
import { decideOrganization } from '../domain/decide-organization.js';
import { AccountCommands, type Outcome } from '../store/account-commands.js';
import { FactRecorder } from '../store/fact-recorder.js';
import { PROFILE } from '#libs/testing/account-profile.js';
import { CreateOutbox1760000000020 } from '../store/outbox-table.js';
import { OutboxStore } from '../store/outbox.store.js';

export const NOW = Date.UTC(2026, 10, 24, 9, 30);

const tables = [
  CreateAccountTables1760000000003,
  CreateCatalogTables1760000000004,
  CreateOutbox1760000000020,
];

const started = new Set<ControlPlane>();

/** Stops every control plane of a spec; for `afterEach`. */
export async function stopAll(): Promise<void> {
  for (const plane of started) await plane.stop();
}

/** One database and the log that it publishes to; relays and commands are made on top. */
export class ControlPlane {
  readonly accounts: AccountStore;
  readonly commands: AccountCommands;
  readonly folds: readonly FactFold<unknown>[];
  readonly #relays: OutboxReactor[] = [];

  private constructor(
    readonly source: DataSource,
    readonly log: MemoryLog,
    readonly outbox: OutboxStore,
  ) {
    this.accounts = new AccountStore(source);
    const catalogs = new CatalogStore(source);
    const recorder = new FactRecorder(source, outbox, () => NOW);
    this.commands = new AccountCommands(recorder, this.accounts, catalogs);
    this.folds = [accountFold(this.accounts), catalogFold(catalogs)];
  }

  static async start(log = new MemoryLog()): Promise<ControlPlane> {
    await log.ensureTopics([ACCOUNTS, CATALOG].map((name) => ({ name, partitions: 1 })));
    const source = await freshDatabase(tables, 10);
    const plane = new ControlPlane(source, log, new OutboxStore(source));
    started.add(plane);
    return plane;
  }

  /** Another relay on the same database, running; `log` and `outbox` may be faulty ones. */
  async relay(
    parts: { readonly log?: EventLog; readonly outbox?: OutboxStore } = {},
  ): Promise<OutboxReactor> {
    const reactor = new OutboxReactor({
      log: parts.log ?? this.log,
      outbox: parts.outbox ?? this.outbox,
      source: this.source,
      folds: this.folds,
      logger: pino({ level: 'silent' }),
      everyMs: 20,
    });
    this.#relays.push(reactor);
    await reactor.onApplicationBootstrap();
    return reactor;
  }

  async register(id: string): Promise<Outcome<AccountFact | null>> {
    return this.commands.decide(id, null, (ground, account) =>
      decideOrganization(ground, account, { id, profile: PROFILE }),
    );
  }

  async credit(id: string, creditId: string, request: string | null = null) {
    const asked = { creditId, amount: '5.00', expiresAt: null, priority: 50, note: null };
    return this.commands.decideKnown(id, request, ({ now }, account) =>
      decideCredit(now, account, asked),
    );
  }

  /** The fact ids on the log, in order. */
  async published(): Promise<number[]> {
    const records = await this.log.read(ACCOUNTS, 0, 0);
    return records.map(({ value }) => decodeFact(value).factId);
  }

  /** Waits (at most 5 s) until the log holds this many records. */
  async untilPublished(count: number): Promise<number[]> {
    for (const end = performance.now() + 5_000; performance.now() < end;) {
      const ids = await this.published();
      if (ids.length >= count) return ids;
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
    return this.published();
  }

  async stopRelays(): Promise<void> {
    for (const relay of this.#relays.splice(0)) await relay.beforeApplicationShutdown();
  }

  async stop(): Promise<void> {
    started.delete(this);
    await this.stopRelays();
    await this.source.destroy();
    await this.log.close();
  }
}
