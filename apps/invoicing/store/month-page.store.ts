// A month of many organizations, read in one snapshot: a few statements for thousands of them, where one by one it is a dozen each.
import type { DataSource, EntityManager } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { rows } from '#libs/database/database.js';
import type { Account } from '#libs/events/account.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { Period } from '#libs/time/month.js';
import type { MonthPage, PageStanding } from '../domain/month-page.js';
import { catalogsSeen } from './basis.store.js';
import { owingOtherwiseAmong } from './closed-month.store.js';
import type { CutStore } from './cut.store.js';
import type { LedgerStore } from './ledger.store.js';
import { UsageSums } from './usage-sums.store.js';

export interface PageStores {
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly cuts: CutStore;
  readonly ledger: LedgerStore;
}

/** Which organizations a page is of: the next in order after one, of all that are registered or of those asked for. */
export interface PageAsk {
  readonly period: Period;
  readonly requested: readonly string[] | null;
  readonly after: string | null;
  readonly size: number;
}

// Per currency, as a total is compared with the last one of its own.
const STANDING = `
  SELECT organization, currency, max(number) FILTER (WHERE period_from = $2) AS number,
    max(run) FILTER (WHERE period_from = $2) AS run, bool_or(period_from < $2) AS has_closed,
    (array_agg(total_minor ORDER BY period_from DESC) FILTER (WHERE period_from < $2))[1]
      AS previous_minor
  FROM invoice WHERE organization = ANY($1) AND state <> 'void' GROUP BY 1, 2`;

const EMPTY = `
  SELECT DISTINCT organization FROM billing_run_organization
  WHERE organization = ANY($1) AND state = 'empty'`;

interface StandingRow {
  organization: string;
  currency: string;
  number: string | null;
  run: string | null;
  has_closed: boolean;
  previous_minor: string | null;
}

export class MonthPageStore {
  private readonly sums = new UsageSums();

  constructor(
    private readonly source: DataSource,
    private readonly stores: PageStores,
  ) {}

  /** Reads the page after `ask.after`; without organizations when there is none. */
  async read(ask: PageAsk): Promise<MonthPage> {
    // Parsed versions are kept in memory only when they are read outside a transaction.
    await this.stores.catalogs.versions();
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      // Statistics of tables that a run fills are old: a scan of a whole table is never right for a page.
      await tx.query(`SET LOCAL enable_seqscan = off; SET LOCAL statement_timeout = '60s'`);
      const { ids, accounts } = await this.organizations(tx, ask);
      const standings = await this.standings(tx, ids, ask.period);
      const open = ids.filter((id) => !standings.get(id)?.issued);
      const catalogs = await catalogsSeen(this.stores.catalogs, tx);
      const terms = new Map<string, Terms>();
      for (const id of open) {
        const account = accounts.get(id);
        if (account) terms.set(id, { account, catalogs });
      }
      return {
        period: ask.period,
        ids,
        isLast: ids.length < ask.size,
        terms,
        standings,
        usage: await this.sums.of(tx, ask.period, terms),
        alone: await this.alone(tx, open, { terms, standings, period: ask.period }),
        cut: await this.stores.cuts.cutOf(tx),
        version: await issuedSoFar(tx),
      };
    });
  }

  private async organizations(
    tx: EntityManager,
    { requested, after, size }: PageAsk,
  ): Promise<{ ids: string[]; accounts: ReadonlyMap<string, Account> }> {
    const { accounts } = this.stores;
    if (!requested) {
      const found = await accounts.pageOf(after, size, tx);
      const ids = found.map(({ id }) => id);
      return { ids, accounts: new Map(found.map((account) => [account.id, account])) };
    }
    const ids = [...new Set(requested)].toSorted().filter((id) => after === null || id > after);
    const page = ids.slice(0, size);
    return { ids: page, accounts: await accounts.findMany(page, tx) };
  }

  private async standings(
    tx: EntityManager,
    ids: readonly string[],
    { from }: Period,
  ): Promise<Map<string, PageStanding>> {
    const standings = new Map<string, PageStanding>();
    for (const row of await rows<StandingRow>(tx, STANDING, [ids, from])) {
      const known = standings.get(row.organization);
      const { number, run, previous_minor: previous } = row;
      const issued = number === null ? known?.issued : { number, run };
      const previousMinor = new Map(known?.previousMinor);
      if (previous !== null) previousMinor.set(row.currency, BigInt(previous));
      const hasClosed = row.has_closed || known?.hasClosed === true;
      standings.set(row.organization, { issued, previousMinor, hasClosed });
    }
    return standings;
  }

  // Whoever has something late in a closed month, or had this month billed on a later invoice, is read alone.
  private async alone(
    tx: EntityManager,
    open: readonly string[],
    known: Pick<MonthPage, 'terms' | 'standings' | 'period'>,
  ): Promise<Set<string>> {
    const { ledger } = this.stores;
    const { terms, standings, period } = known;
    const empty = await rows<{ organization: string }>(tx, EMPTY, [open]);
    const closed = new Set(empty.map(({ organization }) => organization));
    for (const id of open) if (standings.get(id)?.hasClosed === true) closed.add(id);
    const changed = await ledger.changedAmong([...closed], period, tx);
    const billedLater = await ledger.billedAmong(open, period, tx);
    const owing = await owingOtherwiseAmong(
      tx,
      [...closed].flatMap((id) => terms.get(id) ?? []),
      period,
    );
    return new Set([...changed, ...billedLater, ...owing]);
  }
}

/** What was issued and voided when this was read: the id of the last invoice, and how many voids. */
async function issuedSoFar(tx: EntityManager): Promise<{ lastId: bigint; voids: bigint }> {
  const [row] = await rows<{ last_id: string; voids: string }>(
    tx,
    `SELECT (SELECT coalesce(max(id), 0) FROM invoice) AS last_id,
       (SELECT count(*) FROM invoice_void) AS voids`,
  );
  return { lastId: BigInt(row?.last_id as string), voids: BigInt(row?.voids as string) };
}
