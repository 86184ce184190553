// The invoices of a month as FOCUS rows, one invoice after the other: the month of a million organizations is never in memory.
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { Account } from '#libs/events/account.js';
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { priceAt, termsAt } from '#libs/rating/price-book.js';
import type { Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { costsOf } from '../domain/costs.js';
import { parseExact } from '../domain/count.js';
import { type FocusDocument, type FocusRow, focusRows } from '../domain/focus.js';
import { type FocusNote, focusNoteRows } from '../domain/focus-note.js';
import type { FocusLine } from '../domain/focus-pricing.js';
import type { InvoiceStore } from './invoice.store.js';
import type { IssuedNotes } from './issued-notes.js';

const PAGE = 100;

export interface FocusStores {
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly invoices: InvoiceStore;
}

export class FocusStore {
  constructor(
    private readonly stores: FocusStores,
    /** The name of provider, publisher and invoice issuer. */
    private readonly issuer: string,
    private readonly notes: IssuedNotes,
  ) {}

  /**
   * The rows of each invoice of the month that is not void, then those of the credit notes that were issued in it; the last issued
   * first, of one organization or of all.
   */
  async *rows(period: Period, organization: string | null): AsyncGenerator<FocusRow[], void> {
    yield* this.invoiceRows(period, organization);
    yield* this.noteRows(period, organization);
  }

  private async *invoiceRows(
    period: Period,
    organization: string | null,
  ): AsyncGenerator<FocusRow[], void> {
    const filter = { period, ...(organization !== null && { organization }) };
    let before: bigint | undefined;
    for (;;) {
      const page = await this.stores.invoices.list(
        { ...filter, ...(before !== undefined && { before }) },
        PAGE,
      );
      for (const { document, state } of page)
        if (state !== 'void')
          yield await this.rowsOf(parseExact(document) as FocusDocument, period);
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      before = last.id;
    }
  }

  private async *noteRows(
    period: Period,
    organization: string | null,
  ): AsyncGenerator<FocusRow[], void> {
    let before: bigint | undefined;
    for (;;) {
      const page = await this.notes.issuedIn(period, { organization, before }, PAGE);
      for (const { document } of page) {
        const note = parseExact(document) as FocusNote;
        const invoice = await this.stores.invoices.find(note.invoice);
        if (!invoice) throw new Error(`there is no invoice ${note.invoice}`);
        yield focusNoteRows(note, parseExact(invoice.document) as FocusDocument, this.issuer);
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      before = last.id;
    }
  }

  private async rowsOf(document: FocusDocument, period: Period): Promise<FocusRow[]> {
    const { accounts, catalogs, hours } = this.stores;
    const account = await accounts.find(document.organization);
    if (!account) throw new Error(`there is no account ${document.organization}`);
    const versions = await catalogs.versions();
    const terms = { account, catalogs: versions };
    const costs = costsOf({
      period,
      lines: document.lines,
      rows: await hours.rowsByProject(document.organization, period),
      isFree: (at) => termsAt(terms, at)?.tier.usage === 'free',
    });
    const listPriceOf = (line: FocusLine): bigint | null => listPrice(account, versions, line);
    return focusRows({ document, costs, listPriceOf, issuer: this.issuer });
  }
}

// What the catalog asked of everyone when the line began: the organization's own prices left out.
function listPrice(account: Account, catalogs: readonly Catalog[], line: FocusLine): bigint | null {
  const key = {
    model: line.model as string,
    serviceTier: line.service_tier as ServiceTier,
    adapter: line.adapter,
    quantity: line.pool as Quantity,
    context: line.above_context ?? 0,
  };
  const published = { account: { ...account, overrides: [] }, catalogs };
  const charge = priceAt(published, key, Date.parse(line.from))?.charge;
  return charge?.model === 'per_unit' ? charge.femtoPerUnit : null;
}
