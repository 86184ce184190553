// Closed months before an open one, and what was billed for them beside usage.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Period } from '#libs/time/month.js';
import { NOTHING_OWED, type Owed } from '../domain/late-charges.js';
import type { ChangedMonth } from './ledger.store.js';

const CLOSED = `
  SELECT period_from, period_to, max(number) AS number FROM (
    SELECT period_from, period_to, number FROM invoice
    WHERE organization = $1 AND state <> 'void'
    UNION ALL
    SELECT period_from, period_to, NULL FROM billing_run_organization o
    JOIN billing_run r ON r.id = o.run WHERE o.organization = $1 AND o.state = 'empty'
  ) AS one WHERE period_from < $2 GROUP BY period_from, period_to ORDER BY period_from`;

/** Months closed for an organization, next to a month and to each other, in the order of time. */
export async function closedBefore(
  tx: EntityManager,
  organization: string,
  { from }: Period,
): Promise<ChangedMonth[]> {
  const found = await rows<{ period_from: string; period_to: string; number: string | null }>(
    tx,
    CLOSED,
    [organization, from],
  );
  const closed = found.map((row) => ({
    period: { from: Number(row.period_from), to: Number(row.period_to) },
    number: row.number,
  }));
  return nextTo(from, closed);
}

/** An open month between charges for what is late (ledger.store.ts): the unbroken row of closed months before an instant. */
export function nextTo(instant: number, closed: readonly ChangedMonth[]): ChangedMonth[] {
  let end = instant;
  const kept = closed.toReversed().filter(({ period }) => {
    if (period.to !== end) return false;
    end = period.from;
    return true;
  });
  return kept.toReversed();
}

/** Sums what was billed for months beside usage, on their own invoices and as adjustments; FROM invoice_line l, by `bills_from`. */
export const OWED = `
  coalesce(sum(l.amount_femto) FILTER (
    WHERE l.kind = 'fee' OR (l.kind = 'adjustment' AND l.part = 'fee')), 0) AS fee,
  coalesce(sum(l.amount_femto) FILTER (
    WHERE l.kind = 'commitment' OR (l.kind = 'adjustment' AND l.part = 'commitment')), 0)
    AS commitment`;

export interface OwedRow {
  bills_from: string;
  fee: string;
  commitment: string;
}

/** By start of the month; months with nothing are absent. */
export function owedByMonth(found: readonly OwedRow[]): ReadonlyMap<number, Owed> {
  return new Map(
    found.map(({ bills_from: from, fee, commitment }) => [
      Number(from),
      { fee: BigInt(fee), commitment: BigInt(commitment) },
    ]),
  );
}

/** What was billed beside usage by invoices that are not void. */
export async function billedBeside(
  tx: EntityManager,
  organization: string,
): Promise<(period: Period) => Owed> {
  const found = await rows<OwedRow>(
    tx,
    `SELECT l.bills_from, ${OWED} FROM invoice_line l JOIN invoice i ON i.id = l.invoice
     WHERE l.organization = $1 AND l.model IS NULL AND i.state <> 'void' GROUP BY l.bills_from`,
    [organization],
  );
  const months = owedByMonth(found);
  return ({ from }) => months.get(from) ?? NOTHING_OWED;
}

/** Whether any invoice that is not void bills something of a month: its own, or a later one that adjusts it. */
export async function isBilled(
  tx: EntityManager,
  organization: string,
  { from }: Period,
): Promise<boolean> {
  const found = await rows(
    tx,
    `SELECT FROM invoice_line l JOIN invoice i ON i.id = l.invoice
     WHERE l.organization = $1 AND l.bills_from = $2 AND i.state <> 'void' LIMIT 1`,
    [organization, from],
  );
  return found.length > 0;
}
