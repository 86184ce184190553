// Issued invoices: written once, in one transaction with their number, and read as they were written.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Period } from '#libs/time/month.js';
import type { InvoiceState } from '../domain/invoice-document.js';
import { lockIssuing } from './series.store.js';
import { type InvoiceRow, SHOWN, type StoredInvoice, toStored } from './stored-invoice.js';

/** The invoice that a month has, and the billing run that issued it. */
export interface InvoiceOfMonth {
  readonly number: string;
  readonly run: string | null;
}

export interface InvoiceFilter {
  readonly organization?: string;
  readonly period?: Period;
  readonly state?: InvoiceState;
  /** Only invoices issued before this one. */
  readonly before?: bigint;
}

export class InvoiceStore {
  constructor(private readonly source: DataSource) {}

  /** undefined: there is no such number. */
  async find(number: string): Promise<StoredInvoice | undefined> {
    const [row] = await rows<InvoiceRow>(
      this.source,
      `SELECT ${SHOWN} FROM invoice WHERE number = $1`,
      [number],
    );
    return row && toStored(row);
  }

  /** The last issued first. */
  async list(filter: InvoiceFilter, limit: number): Promise<StoredInvoice[]> {
    const found = await rows<InvoiceRow>(
      this.source,
      `SELECT ${SHOWN} FROM invoice
       WHERE ($1::text IS NULL OR organization = $1) AND ($2::bigint IS NULL OR period_from = $2)
         AND ($3::text IS NULL OR state = $3) AND ($4::bigint IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [
        filter.organization ?? null,
        filter.period?.from ?? null,
        filter.state ?? null,
        filter.before?.toString() ?? null,
        limit,
      ],
    );
    return found.map(toStored);
  }

  /** The invoice of an organization's month that is not void; undefined when there is none. */
  async ofMonth(
    organization: string,
    period: Period,
    tx?: EntityManager,
  ): Promise<InvoiceOfMonth | undefined> {
    const [row] = await rows<InvoiceOfMonth>(
      tx ?? this.source,
      `SELECT number, run FROM invoice
       WHERE organization = $1 AND period_from = $2 AND state <> 'void'`,
      [organization, period.from],
    );
    return row;
  }

  /** Grows with each invoice of the organization and each that is made void: what `claimVersion` compares. */
  async versionOf(organization: string, tx: EntityManager): Promise<bigint> {
    const [row] = await rows<{ version: string }>(
      tx,
      `SELECT (SELECT count(*) FROM invoice WHERE organization = $1)
         + coalesce((SELECT version FROM billing_account WHERE organization = $1), 0) AS version`,
      [organization],
    );
    return BigInt(row?.version as string);
  }

  /** Locks issuing for the rest of the transaction; false when the organization was billed since `version` was read. */
  async claimVersion(tx: EntityManager, organization: string, version: bigint): Promise<boolean> {
    await lockIssuing(tx);
    return (await this.versionOf(organization, tx)) === version;
  }
}
