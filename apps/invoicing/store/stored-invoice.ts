// An issued invoice as it is read, with the sums of what became of it.
import type { InvoiceState } from '../domain/invoice-document.js';
import type { Standing } from '../domain/standing.js';

/** An issued invoice as a list or a door needs it. */
export interface StoredInvoice {
  readonly id: bigint;
  readonly number: string;
  readonly organization: string;
  readonly state: InvoiceState;
  /** The document's text, as it was written when it was issued. */
  readonly document: string;
  /** What became of it since. */
  readonly standing: Standing;
}

/** What `SHOWN` selects. */
export interface InvoiceRow {
  id: string;
  number: string;
  organization: string;
  state: InvoiceState;
  document: string;
  paid: string;
  credited: string;
  voided_at: string | null;
}

/** The columns of an invoice and the sums of what became of it; FROM invoice. */
export const SHOWN = `id, number, organization, state, document::text AS document,
  (SELECT coalesce(sum(amount_minor), 0) FROM invoice_payment p WHERE p.invoice = invoice.number) AS paid,
  (SELECT coalesce(sum(total_minor), 0) FROM credit_note c WHERE c.invoice = invoice.number)
    AS credited,
  (SELECT voided_at FROM invoice_void v WHERE v.invoice = invoice.number) AS voided_at`;

/** The invoice out of its row. */
export function toStored(row: InvoiceRow): StoredInvoice {
  const { id, number, organization, state, document } = row;
  const standing = {
    state,
    paidMinor: BigInt(row.paid),
    creditedMinor: BigInt(row.credited),
    voidedAt: row.voided_at === null ? null : Number(row.voided_at),
  };
  return { id: BigInt(id), number, organization, state, document, standing };
}
