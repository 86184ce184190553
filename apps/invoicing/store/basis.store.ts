// All that an invoice is made of, read in one snapshot: usage, terms, what was billed before, and the cut that says how far the
// log had been read just then. Usage folded meanwhile is in neither.
import type { DataSource, EntityManager } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { rows } from '#libs/database/database.js';
import type { Catalog } from '#libs/rating/catalog.js';
import type { Terms } from '#libs/rating/price-book.js';
import { rateMonth } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { differences, isLate, type LateMonth } from '../domain/adjustment.js';
import { draftInvoice, type Invoice } from '../domain/invoice.js';
import { lateCharges, mayOweOtherwise, type Owed, owedIn } from '../domain/late-charges.js';
import { billedBeside, closedBefore } from './closed-month.store.js';
import type { CreditBurnStore } from './credit-burn.store.js';
import type { CutStore } from './cut.store.js';
import type { InvoiceOfMonth, InvoiceStore } from './invoice.store.js';
import type { ChangedMonth, LedgerStore } from './ledger.store.js';

export interface BasisStores {
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly cuts: CutStore;
  readonly invoices: InvoiceStore;
  readonly ledger: LedgerStore;
  readonly burns: CreditBurnStore;
}

/** What is known of an organization's month. */
export interface Basis {
  /** The month's invoice, when there is one already. */
  readonly issued: InvoiceOfMonth | undefined;
  /** undefined: the organization is not registered, so there is neither a currency nor a price. */
  readonly draft: Invoice | undefined;
  /** The month has no invoice, and a later one bills some of it: what is still missing comes there too. */
  readonly isBilledLater: boolean;
  /** How often the organization had been billed when this was read. */
  readonly version: bigint;
}

interface ClosedMonth {
  readonly month: ChangedMonth;
  readonly billed: Owed;
  readonly isChanged: boolean;
}

export class BasisStore {
  constructor(
    private readonly source: DataSource,
    private readonly stores: BasisStores,
  ) {}

  /** Reads and rates a month in one snapshot of the database. */
  async read(organization: string, period: Period): Promise<Basis> {
    // Parsed versions are kept in memory only when they are read outside a transaction.
    await this.stores.catalogs.versions();
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      const { invoices, ledger } = this.stores;
      const issued = await invoices.ofMonth(organization, period, tx);
      const billed = issued ? [] : await ledger.billedAmong([organization], period, tx);
      return {
        issued,
        draft: await this.draft(tx, organization, period),
        isBilledLater: billed.length > 0,
        version: await invoices.versionOf(organization, tx),
      };
    });
  }

  private async draft(
    tx: EntityManager,
    organization: string,
    period: Period,
  ): Promise<Invoice | undefined> {
    const { accounts, hours, cuts, burns } = this.stores;
    const account = await accounts.find(organization, tx);
    if (!account) return undefined;
    const terms = { account, catalogs: await catalogsSeen(this.stores.catalogs, tx) };
    const late = await this.lateMonths(tx, terms, period);
    return draftInvoice({
      account,
      period,
      rated: rateMonth({ terms, period, rows: await hours.rowsOf(organization, period, tx) }),
      late: late.filter(isLate),
      cut: await cuts.cutOf(tx),
      ...(account.credits.length > 0 && { burnt: await burns.burntOf(organization, tx) }),
    });
  }

  // Months of other usage than was billed, and those that may owe something else beside it.
  private async lateMonths(tx: EntityManager, terms: Terms, period: Period): Promise<LateMonth[]> {
    const { id } = terms.account;
    const late: LateMonth[] = [];
    const closed = await closedBefore(tx, id, period);
    if (closed.length === 0) return late;
    const changed = await this.stores.ledger.changedMonths(id, period, tx);
    const billedOf = await billedBeside(tx, [id]);
    for (const month of closed) {
      const billed = billedOf(id, month.period);
      const isChanged = changed.some((one) => one.period.from === month.period.from);
      if (isChanged || mayOweOtherwise(terms, month.period, billed))
        late.push(await this.lateMonth(tx, terms, { month, billed, isChanged }));
    }
    return late;
  }

  private async lateMonth(
    tx: EntityManager,
    terms: Terms,
    { month: { period, number }, billed, isChanged }: ClosedMonth,
  ): Promise<LateMonth> {
    const { hours, ledger } = this.stores;
    const { id } = terms.account;
    const rated = rateMonth({ terms, period, rows: await hours.rowsOf(id, period, tx) });
    const charges = lateCharges(owedIn(rated), billed);
    if (!isChanged) return { period, number, lines: [], charges, unpriced: [] };
    const lines = differences(rated.lines, await ledger.billedFor(id, period, tx));
    return { period, number, lines, charges, unpriced: rated.unpriced };
  }
}

/** The catalogs of the transaction's snapshot: what another request has read since may be newer than that, and than its cut. */
export async function catalogsSeen(
  catalogs: CatalogStore,
  tx: EntityManager,
): Promise<readonly Catalog[]> {
  const seen = await rows<{ version: string }>(tx, 'SELECT version FROM catalog_version');
  const versions = new Set(seen.map(({ version }) => version));
  const known = await catalogs.versions(tx);
  return known.filter(({ version }) => versions.has(version));
}
