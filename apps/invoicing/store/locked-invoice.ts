// An issued invoice under lock: who holds it alone decides what becomes of it, until his transaction ends.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { notFound } from '#libs/http/problem.js';
import { announce } from '#libs/outbox/announcement.store.js';
import { formatInstant } from '#libs/time/instant.js';
import { announcementOf } from '../domain/billing-events.js';
import { parseExact } from '../domain/count.js';
import type { InvoiceDocument, InvoiceState } from '../domain/invoice-document.js';
import { minorOf, type Standing } from '../domain/standing.js';

export interface LockedInvoice {
  readonly number: string;
  readonly organization: string;
  /** As it was issued. */
  readonly document: InvoiceDocument;
  /** What was due when it was issued, in minor units. */
  readonly issuedMinor: bigint;
  readonly standing: Standing;
}

/** Problem 404 `unknown_invoice`. The sums are read after the lock is held, so that they hold what was committed before. */
export async function lockInvoice(tx: EntityManager, number: string): Promise<LockedInvoice> {
  const [row] = await rows<{ organization: string; state: InvoiceState; document: string }>(
    tx,
    `SELECT organization, state, document::text AS document FROM invoice
     WHERE number = $1 FOR UPDATE`,
    [number],
  );
  if (!row) throw notFound('unknown_invoice', `There is no invoice ${number}.`);
  const [sums] = await rows<{ paid: string; credited: string }>(
    tx,
    `SELECT
       (SELECT coalesce(sum(amount_minor), 0) FROM invoice_payment WHERE invoice = $1) AS paid,
       (SELECT coalesce(sum(total_minor), 0) FROM credit_note WHERE invoice = $1) AS credited`,
    [number],
  );
  const document = parseExact(row.document) as InvoiceDocument;
  return {
    number,
    organization: row.organization,
    document,
    issuedMinor: minorOf(document.amount_due, document.currency),
    standing: {
      state: row.state,
      paidMinor: BigInt(sums?.paid as string),
      creditedMinor: BigInt(sums?.credited as string),
      voidedAt: null,
    },
  };
}

/** Nothing is due any more: the invoice is paid, and `invoice.paid` is told; once, also when it was paid before. */
export async function tellPaid(
  tx: EntityManager,
  { number, organization, document, standing }: LockedInvoice,
  at: number,
): Promise<void> {
  if (standing.state !== 'issued') return;
  await tx.query(`UPDATE invoice SET state = 'paid' WHERE number = $1`, [number]);
  const { period, currency, total } = document;
  const data = {
    number,
    state: 'paid',
    organization,
    period,
    currency,
    total,
    settled_at: formatInstant(at),
  };
  await announce(tx, [
    announcementOf({ type: 'invoice.paid', fact: number, organization, at, data }),
  ]);
}
