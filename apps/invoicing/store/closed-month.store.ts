// Closed months before an open one, and what was billed for them beside usage.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { Period } from '#libs/time/month.js';
import { mayOweOtherwise, NOTHING_OWED, type Owed } from '../domain/late-charges.js';
import type { ChangedMonth } from './ledger.store.js';

const CLOSED = `
  SELECT organization, period_from, period_to, max(number) AS number FROM (
    SELECT organization, period_from, period_to, number FROM invoice
    WHERE organization = ANY($1) AND state <> 'void'
    UNION ALL
    SELECT o.organization, period_from, period_to, NULL FROM billing_run_organization o
    JOIN billing_run r ON r.id = o.run WHERE o.organization = ANY($1) AND o.state = 'empty'
  ) AS one WHERE period_from < $2
  GROUP BY organization, period_from, period_to ORDER BY period_from`;

interface ClosedRow {
  organization: string;
  period_from: string;
  period_to: string;
  number: string | null;
}

/** Months that start before an instant and have an invoice, or were closed with nothing to bill, in the order of time. */
export async function closedMonths(
  from: DataSource | EntityManager,
  organizations: readonly string[],
  before: number,
): Promise<ReadonlyMap<string, ChangedMonth[]>> {
  const found = await rows<ClosedRow>(from, CLOSED, [organizations, before]);
  const byOrganization = Map.groupBy(found, ({ organization }) => organization);
  return new Map([...byOrganization].map(([id, closed]) => [id, closed.map(toMonth)]));
}

/** Months closed for an organization, next to a month and to each other, in the order of time. */
export async function closedBefore(
  tx: EntityManager,
  organization: string,
  { from }: Period,
): Promise<ChangedMonth[]> {
  const closed = await closedMonths(tx, [organization], from);
  return nextTo(from, closed.get(organization) ?? []);
}

function toMonth(row: ClosedRow): ChangedMonth {
  return {
    period: { from: Number(row.period_from), to: Number(row.period_to) },
    number: row.number,
  };
}

/** Those of the organizations of which a closed month before the period may owe something else beside its usage now. */
export async function owingOtherwiseAmong(
  tx: EntityManager,
  terms: readonly Terms[],
  { from }: Period,
): Promise<string[]> {
  if (terms.length === 0) return [];
  const ids = terms.map(({ account }) => account.id);
  const closed = await closedMonths(tx, ids, from);
  const billed = await billedBeside(tx, ids);
  const owing = terms.filter((one) =>
    nextTo(from, closed.get(one.account.id) ?? []).some(({ period }) =>
      mayOweOtherwise(one, period, billed(one.account.id, period)),
    ),
  );
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

/** What was billed of months beside usage by invoices that are not void. */
export async function billedBeside(
  tx: EntityManager,
  organizations: readonly string[],
): Promise<(organization: string, month: Period) => Owed> {
  const found = await rows<OwedRow & { organization: string }>(
    tx,
    `SELECT l.organization, l.bills_from, ${OWED}
     FROM invoice_line l JOIN invoice i ON i.id = l.invoice
     WHERE l.organization = ANY($1) AND l.model IS NULL AND i.state <> 'void'
     GROUP BY l.organization, l.bills_from`,
    [organizations],
  );
  const byOrganization = Map.groupBy(found, ({ organization }) => organization);
  const months = new Map([...byOrganization].map(([id, billed]) => [id, owedByMonth(billed)]));
  return (organization, { from }) => months.get(organization)?.get(from) ?? NOTHING_OWED;
}
