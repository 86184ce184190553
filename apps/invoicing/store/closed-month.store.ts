// Closed months before an open one, and what was billed for them beside usage.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { Period } from '#libs/time/month.js';
import { mayOweOtherwise, NOTHING_OWED, type Owed } from '../domain/late-charges.js';
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
  const found = await rows<Omit<ClosedRow, 'organization'>>(tx, CLOSED, [organization, from]);
  return nextTo(from, found.map(toMonth));
}

interface ClosedRow {
  organization: string;
  period_from: string;
  period_to: string;
  number: string | null;
}

function toMonth(row: Omit<ClosedRow, 'organization'>): ChangedMonth {
  return {
    period: { from: Number(row.period_from), to: Number(row.period_to) },
    number: row.number,
  };
}

const CLOSED_AMONG = `
  SELECT organization, period_from, period_to, max(number) AS number FROM (
    SELECT organization, period_from, period_to, number FROM invoice
    WHERE organization = ANY($1) AND state <> 'void'
    UNION ALL
    SELECT o.organization, period_from, period_to, NULL FROM billing_run_organization o
    JOIN billing_run r ON r.id = o.run WHERE o.organization = ANY($1) AND o.state = 'empty'
  ) AS one WHERE period_from < $2
  GROUP BY organization, period_from, period_to ORDER BY period_from`;

const BESIDE_AMONG = `
  SELECT l.organization, l.bills_from, OWED FROM invoice_line l JOIN invoice i ON i.id = l.invoice
  WHERE l.organization = ANY($1) AND l.model IS NULL AND i.state <> 'void'
  GROUP BY l.organization, l.bills_from`;

/** Those of the organizations of which a closed month before the period may owe something else beside its usage now. */
export async function owingOtherwiseAmong(
  tx: EntityManager,
  terms: readonly Terms[],
  { from }: Period,
): Promise<string[]> {
  if (terms.length === 0) return [];
  const ids = terms.map(({ account }) => account.id);
  const closed = await rows<ClosedRow>(tx, CLOSED_AMONG, [ids, from]);
  const beside = await rows<OwedRow & { organization: string }>(
    tx,
    BESIDE_AMONG.replace('OWED', OWED),
    [ids],
  );
  const closedOf = Map.groupBy(closed, ({ organization }) => organization);
  const besideOf = Map.groupBy(beside, ({ organization }) => organization);
  const owing = terms.filter((one) => {
    const { id } = one.account;
    const billed = owedByMonth(besideOf.get(id) ?? []);
    return nextTo(from, (closedOf.get(id) ?? []).map(toMonth)).some(({ period }) =>
      mayOweOtherwise(one, period, billed.get(period.from) ?? NOTHING_OWED),
    );
  });
  return owing.map(({ account }) => account.id);
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
