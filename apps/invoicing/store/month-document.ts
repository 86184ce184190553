// The document of an organization's month: the issued one when there is one, else the draft as it stands.
import { parseExact } from '../domain/count.js';
import { DRAFT, type InvoiceDocument, invoiceDocument } from '../domain/invoice-document.js';
import type { Period } from '#libs/time/month.js';
import type { BasisStore } from './basis.store.js';
import type { InvoiceStore } from './invoice.store.js';

export class MonthDocuments {
  constructor(
    private readonly basis: BasisStore,
    private readonly invoices: InvoiceStore,
  ) {}

  /**
   * Plain JSON, counts above 2^53 as bigint. null: the month was closed with nothing to bill, and what came later is on a later
   * invoice. undefined: the organization is not registered.
   */
  async find(organization: string, period: Period): Promise<InvoiceDocument | null | undefined> {
    const { issued, draft, isBilledLater } = await this.basis.read(organization, period);
    if (issued) {
      const stored = await this.invoices.find(issued.number);
      return parseExact(stored?.document as string) as InvoiceDocument;
    }
    if (!draft) return undefined;
    if (isBilledLater) return null;
    return parseExact(JSON.stringify(invoiceDocument(draft, DRAFT))) as InvoiceDocument;
  }
}
