// Whether an issued invoice may be made void.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { Problem } from '#libs/http/problem.js';
import type { LockedInvoice } from './locked-invoice.js';
import { lockIssuing } from './series.store.js';

/** Problem 409 `invoice_void`, `has_credit_notes`, `invoice_paid`: an invoice that anything was done to is corrected otherwise. */
export function assertVoidable({ number, standing }: LockedInvoice): void {
  const { state, paidMinor, creditedMinor } = standing;
  if (state === 'void') throw new Problem(409, 'invoice_void', `${number} is void already.`);
  if (creditedMinor > 0n)
    throw new Problem(409, 'has_credit_notes', `${number} has credit notes: it cannot be void.`);
  if (paidMinor > 0n)
    throw new Problem(
      409,
      'invoice_paid',
      `${number} has payments: correct it with a credit note instead.`,
    );
}

/**
 * Problem 409 `has_adjustments`: a later invoice that adjusts a month of this one was computed from it. Issuing is locked
 * first, so that none is being issued meanwhile; who drafts one right now finds another version than he has read, and reads again.
 */
export async function assertNotAdjusted(tx: EntityManager, invoice: LockedInvoice): Promise<void> {
  await lockIssuing(tx);
  await tx.query(
    `INSERT INTO billing_account AS a (organization, version) VALUES ($1, 1)
     ON CONFLICT (organization) DO UPDATE SET version = a.version + 1`,
    [invoice.organization],
  );
  const [later] = await rows<{ number: string }>(
    tx,
    `SELECT i.number FROM invoice this
     JOIN invoice_line own ON own.invoice = this.id
     JOIN invoice_line l ON l.organization = this.organization AND l.bills_from = own.bills_from
     JOIN invoice i ON i.id = l.invoice AND i.id > this.id AND i.state <> 'void'
     WHERE this.number = $1 LIMIT 1`,
    [invoice.number],
  );
  if (!later) return;
  throw new Problem(
    409,
    'has_adjustments',
    `${later.number} adjusts what ${invoice.number} billed: correct it with a credit note instead.`,
  );
}
