// Pages of invoices by state. Issued, paid and void ones are kept with their numbers; what is parked waits without one; a draft is
// kept nowhere and is made when it is asked for.
import type { AccountStore } from '#libs/accounts/account.store.js';
import { ORGANIZATION_ID, toMonth } from '#libs/http/fields.js';
import { decodeCursor, encodeCursor } from '#libs/http/page.js';
import { formatInstant } from '#libs/time/instant.js';
import { monthOf, type Period } from '#libs/time/month.js';
import { DRAFT, invoiceDocument, suspenseDocument } from '../domain/invoice-document.js';
import { withStanding } from '../domain/standing.js';
import type { BasisStore } from '../store/basis.store.js';
import type { InvoiceStore } from '../store/invoice.store.js';
import type { ParkedRow, ParkedStore } from '../store/parked.store.js';
import type { BillingClock } from './billing-clock.js';
import type { InvoicesQuery } from './invoices.dto.js';
import { parkedPlace, placeOf } from './parked-page.js';
import { storedCursor, storedPage } from './stored-page.js';

/** Organizations whose draft a page makes: about a second. */
const DRAFTS_AT_ONCE = 50;

export interface InvoiceListParts {
  readonly accounts: AccountStore;
  readonly invoices: InvoiceStore;
  readonly parked: ParkedStore;
  readonly basis: BasisStore;
  readonly time: BillingClock;
}

export class InvoiceLists {
  constructor(private readonly parts: InvoiceListParts) {}

  /** A page's JSON, the newest first (drafts by organization); `organization` null is everyone. */
  async page(query: InvoicesQuery, organization: string | null): Promise<Buffer> {
    if (query.state === 'draft') return this.drafts(query, organization);
    if (query.state === 'parked') return this.waiting(query, organization);
    const filter = {
      ...(organization !== null && { organization }),
      ...periodOf(query),
      ...(query.state !== undefined && { state: query.state }),
      ...(query.cursor !== undefined && { before: storedCursor(query.cursor) }),
    };
    const found = await this.parts.invoices.list(filter, query.limit + 1);
    // The documents go out as they are stored, each byte of them, until something happens to one.
    return storedPage(
      found.map(({ id, document, standing }) => ({ id, text: withStanding(document, standing) })),
      query.limit,
    );
  }

  private async waiting(query: InvoicesQuery, organization: string | null): Promise<Buffer> {
    const after = query.cursor === undefined ? {} : { after: parkedPlace(query.cursor) };
    const filter = { organization, newestFirst: true, ...periodOf(query), ...after };
    const found = await this.parts.parked.waiting(filter, query.limit + 1);
    const page = found.slice(0, query.limit);
    const last = found.length > page.length ? page.at(-1) : undefined;
    return listOf(page.map(parkedText), last ? encodeCursor(placeOf(last)) : null);
  }

  // Each draft is a month rated anew, so a page looks at a bounded number of organizations, whatever it finds there.
  private async drafts(query: InvoicesQuery, organization: string | null): Promise<Buffer> {
    const { accounts, time } = this.parts;
    const { period = monthOf(time.now()) } = periodOf(query);
    const after =
      query.cursor === undefined ? undefined : decodeCursor<string>(query.cursor, isName);
    if (organization !== null)
      return listOf(after === undefined ? await this.draftOf(organization, period) : [], null);
    const most = Math.min(query.limit, DRAFTS_AT_ONCE);
    const found = await accounts.list(after, most + 1);
    const page = found.slice(0, most);
    const drafts: string[] = [];
    for (const { id } of page) drafts.push(...(await this.draftOf(id, period)));
    const last = found.length > most ? page.at(-1) : undefined;
    return listOf(drafts, last ? encodeCursor(last.id) : null);
  }

  // None where nothing was used, or the month is billed.
  private async draftOf(organization: string, period: Period): Promise<string[]> {
    const { draft, issued, isBilledLater } = await this.parts.basis.read(organization, period);
    if (!draft || issued || isBilledLater) return [];
    const suspense = draft.suspense.map(suspenseDocument);
    if (draft.lines.length === 0 && suspense.length === 0) return [];
    return [JSON.stringify({ ...invoiceDocument(draft, DRAFT), suspense })];
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && ORGANIZATION_ID.test(value);
}

function periodOf({ period }: InvoicesQuery) {
  return period === undefined ? {} : { period: toMonth(period, '?period') };
}

// The draft as it was parked, and why.
function parkedText({ id, reason, detail, parked_at, document }: ParkedRow): string {
  const parked = { id, reason, detail, parked_at: formatInstant(Number(parked_at)) };
  return `${document.slice(0, -1)},"parked":${JSON.stringify(parked)}}`;
}

function listOf(documents: readonly string[], next: string | null): Buffer {
  return Buffer.from(`{"data":[${documents.join(',')}],"next_cursor":${JSON.stringify(next)}}`);
}
