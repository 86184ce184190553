// Payments as they were recorded; who may record one is decided in invoice-life.store.ts.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { parseExact } from '../domain/count.js';
import type { InvoiceDocument } from '../domain/invoice-document.js';
import type { LockedInvoice } from './locked-invoice.js';
import type { StoredInvoice } from './stored-invoice.js';

/** Where a page of payments goes on: after this one. */
export interface PaymentPlace {
  readonly recordedAt: number;
  readonly id: string;
}

/** Payments that were recorded; `dueMinor` is what each left to pay. */
export interface Payment {
  readonly id: string;
  readonly invoice: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly dueMinor: bigint;
  readonly paidAt: number;
  readonly reference: string;
  readonly recordedAt: number;
}

interface PaymentRow {
  id: string;
  amount_minor: string;
  due_minor: string;
  paid_at: string;
  reference: string;
  recorded_at: string;
}

export class PaymentStore {
  constructor(private readonly source: DataSource) {}

  /** The payments of an invoice, the first recorded first: each leaves less due than the one before, in whichever millisecond. */
  async list(
    { number, document }: StoredInvoice,
    after: PaymentPlace | undefined,
    limit: number,
  ): Promise<Payment[]> {
    const { currency } = parseExact(document) as InvoiceDocument;
    const found = await rows<PaymentRow>(
      this.source,
      `SELECT * FROM invoice_payment WHERE invoice = $1
         AND ($2::text IS NULL
           OR due_minor < (SELECT due_minor FROM invoice_payment WHERE id = $2 AND invoice = $1))
       ORDER BY due_minor DESC LIMIT $3`,
      [number, after?.id ?? null, limit],
    );
    return found.map((row) => toPayment(row, number, currency));
  }
}

/** The invoice's payment of that reference; undefined when there is none. */
export async function paymentOf(
  tx: EntityManager,
  { number, document }: LockedInvoice,
  reference: string,
): Promise<Payment | undefined> {
  const [row] = await rows<PaymentRow>(
    tx,
    'SELECT * FROM invoice_payment WHERE invoice = $1 AND reference = $2',
    [number, reference],
  );
  return row && toPayment(row, number, document.currency);
}

function toPayment(row: PaymentRow, invoice: string, currency: string): Payment {
  return {
    id: row.id,
    invoice,
    currency,
    amountMinor: BigInt(row.amount_minor),
    dueMinor: BigInt(row.due_minor),
    paidAt: Number(row.paid_at),
    reference: row.reference,
    recordedAt: Number(row.recorded_at),
  };
}

/** Writes a payment; `by` is the id of the key. */
export async function insertPayment(
  tx: EntityManager,
  payment: Payment,
  by: string,
): Promise<void> {
  const { id, invoice, amountMinor, dueMinor, paidAt, reference, recordedAt } = payment;
  await tx.query(
    `INSERT INTO invoice_payment (id, invoice, amount_minor, due_minor, paid_at, reference,
       recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, invoice, String(amountMinor), String(dueMinor), paidAt, reference, recordedAt, by],
  );
}
