// What earlier issued invoices charged for a month: issued documents never change, so verification takes them as given.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { RatedLine } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import { NOTHING_OWED, type Owed } from '../domain/late-charges.js';
import { nextTo, OWED, owedByMonth, type OwedRow } from './closed-month.store.js';
import { type ChangedMonth, type LineRow, toLine } from './ledger.store.js';

/** The invoice that is asked about: what came before it is what counts. */
export interface Verified {
  readonly id: bigint;
  readonly organization: string;
  readonly period: Period;
  readonly issuedAt: number;
  readonly dueAt: number;
}

// An invoice that was voided later stood when this one was issued.
const stoodAt = (instant: string): string => `(i.state <> 'void' OR EXISTS (
  SELECT FROM invoice_void v WHERE v.invoice = i.number AND v.voided_at > ${instant}))`;
const STOOD = stoodAt('$4');

// A month closed with nothing to bill is one too, if its run was asked for before this invoice was issued.
const CLOSED = `
  SELECT period_from, period_to, max(number) AS number FROM (
    SELECT period_from, period_to, number FROM invoice i
    WHERE organization = $1 AND id < $3 AND ${STOOD}
    UNION ALL
    SELECT period_from, period_to, NULL FROM billing_run_organization o
    JOIN billing_run r ON r.id = o.run
    WHERE o.organization = $1 AND o.state = 'empty' AND r.created_at <= $4
  ) AS one WHERE period_from < $2 GROUP BY period_from, period_to ORDER BY period_from`;

export class BilledBeforeStore {
  constructor(private readonly source: DataSource) {}

  /** undefined: there is no such number. */
  async find(number: string): Promise<(Verified & { readonly document: string }) | undefined> {
    const [row] = await rows<Record<string, string>>(
      this.source,
      `SELECT id, organization, period_from, period_to, issued_at, due_at,
         document::text AS document FROM invoice WHERE number = $1`,
      [number],
    );
    return (
      row && {
        id: BigInt(row['id'] as string),
        organization: row['organization'] as string,
        period: { from: Number(row['period_from']), to: Number(row['period_to']) },
        issuedAt: Number(row['issued_at']),
        dueAt: Number(row['due_at']),
        document: row['document'] as string,
      }
    );
  }

  /** Months before the invoice's own that had been closed when it was issued, with no open month between. */
  async closedBefore({ id, organization, period, issuedAt }: Verified): Promise<ChangedMonth[]> {
    const found = await rows<{ period_from: string; period_to: string; number: string | null }>(
      this.source,
      CLOSED,
      [organization, period.from, id.toString(), issuedAt],
    );
    const closed = found.map((row) => ({
      period: { from: Number(row.period_from), to: Number(row.period_to) },
      number: row.number,
    }));
    return nextTo(period.from, closed);
  }

  /** Every line of an earlier invoice that charged for usage of the month. */
  async billedFor(
    month: Period,
    { id, organization, issuedAt }: Verified,
  ): Promise<readonly RatedLine[]> {
    const found = await rows<LineRow>(
      this.source,
      `SELECT l.* FROM invoice_line l JOIN invoice i ON i.id = l.invoice
       WHERE l.organization = $1 AND l.bills_from = $2 AND l.model IS NOT NULL
         AND i.id < $3 AND ${STOOD}
       ORDER BY l.invoice, l.line`,
      [organization, month.from, id.toString(), issuedAt],
    );
    return found.map(toLine);
  }

  /** What earlier invoices had billed for months beside usage. */
  async billedBeside({ id, organization, issuedAt }: Verified): Promise<(month: Period) => Owed> {
    const found = await rows<OwedRow>(
      this.source,
      `SELECT l.bills_from, ${OWED} FROM invoice_line l JOIN invoice i ON i.id = l.invoice
       WHERE l.organization = $1 AND l.model IS NULL AND i.id < $2 AND ${stoodAt('$3')}
       GROUP BY l.bills_from`,
      [organization, id.toString(), issuedAt],
    );
    const months = owedByMonth(found);
    return ({ from }) => months.get(from) ?? NOTHING_OWED;
  }

  /** What earlier invoices had taken of prepaid credits, minor units by the id of the credit. */
  async burnt({ id, organization, issuedAt }: Verified): Promise<Map<string, bigint>> {
    const found = await rows<{ credit: string; burnt: string }>(
      this.source,
      `SELECT b.credit, sum(b.amount_minor) AS burnt
       FROM credit_burn b JOIN invoice i ON i.number = b.invoice
       WHERE b.organization = $1 AND i.id < $2 AND ${stoodAt('$3')}
       GROUP BY b.credit`,
      [organization, id.toString(), issuedAt],
    );
    return new Map(found.map(({ credit, burnt }) => [credit, BigInt(burnt)]));
  }

  /** The document of the last earlier invoice that charged for usage of the month; undefined: none did. */
  async lastBilling(
    month: Period,
    { id, organization, issuedAt }: Verified,
  ): Promise<string | undefined> {
    const [row] = await rows<{ document: string }>(
      this.source,
      `SELECT document::text AS document FROM invoice i
       WHERE organization = $1 AND id < $3 AND ${STOOD} AND EXISTS (
         SELECT FROM invoice_line l
         WHERE l.invoice = i.id AND l.bills_from = $2 AND l.model IS NOT NULL)
       ORDER BY id DESC LIMIT 1`,
      [organization, month.from, id.toString(), issuedAt],
    );
    return row?.document;
  }
}
