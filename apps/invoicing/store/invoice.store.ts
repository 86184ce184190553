// Issued invoices: written once, in one transaction with their number, and read as they were written.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Period } from '#libs/time/month.js';
import type { Invoice, InvoiceLine } from '../domain/invoice.js';
import { invoiceDocument, type InvoiceState, type Issue } from '../domain/invoice-document.js';
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

  /** How many times the organization was billed so far: what `claimVersion` compares. */
  async versionOf(organization: string, tx: EntityManager): Promise<bigint> {
    const [row] = await rows<{ version: string }>(
      tx,
      'SELECT version FROM billing_account WHERE organization = $1',
      [organization],
    );
    return BigInt(row?.version ?? 0);
  }

  /** Locks the organization for the rest of the transaction; false when it was billed since `version` was read. */
  async claimVersion(tx: EntityManager, organization: string, version: bigint): Promise<boolean> {
    const claimed = await rows(
      tx,
      `INSERT INTO billing_account AS a (organization, version) VALUES ($1, 1)
       ON CONFLICT (organization) DO UPDATE SET version = a.version + 1 WHERE a.version = $2
       RETURNING version`,
      [organization, version.toString()],
    );
    return claimed.length === 1;
  }

  /** The next number of the legal entity and year, taken for good only if the transaction commits. */
  async nextSequence(tx: EntityManager, legalEntity: string, year: number): Promise<bigint> {
    const [row] = await rows<{ last: string }>(
      tx,
      `INSERT INTO invoice_counter AS c VALUES ($1, $2, 1)
       ON CONFLICT (legal_entity, year) DO UPDATE SET last = c.last + 1 RETURNING last`,
      [legalEntity, year],
    );
    return BigInt(row?.last as string);
  }

  /** Writes the document as it will be served, and its lines. */
  async insert(
    tx: EntityManager,
    invoice: Invoice,
    issue: Issue & { readonly run: string | null },
  ): Promise<void> {
    const document = JSON.stringify(invoiceDocument(invoice, issue));
    const [row] = await rows<{ id: string }>(
      tx,
      `INSERT INTO invoice (number, organization, period_from, period_to, state, currency,
         issued_at, due_at, subtotal_femto, total_minor, document, run)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
      [
        issue.number,
        invoice.account.id,
        invoice.period.from,
        invoice.period.to,
        issue.state,
        invoice.currency,
        issue.issuedAt,
        issue.dueAt,
        invoice.subtotalFemto.toString(),
        invoice.totalMinor.toString(),
        document,
        issue.run,
      ],
    );
    await insertLines(tx, row?.id as string, invoice);
  }
}

async function insertLines(tx: EntityManager, id: string, invoice: Invoice): Promise<void> {
  const columns = invoice.lines.map((line) => [id, invoice.account.id, ...columnsOf(line)]);
  const wanted = (columns[0] ?? []).map((_, index) => columns.map((row) => row[index]));
  await rows(
    tx,
    `INSERT INTO invoice_line (invoice, organization, line, kind, bills_from, span_from, span_to,
       amount_femto, amount_minor, model, service_tier, adapter, quantity, units, femto_per_unit,
       free_femto, catalog_version, override_id, events, digest_a, digest_b, part, above_context,
       discount_femto)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::bigint[],
       $6::bigint[], $7::bigint[], $8::numeric[], $9::numeric[], $10::text[], $11::text[],
       $12::text[], $13::text[], $14::numeric[], $15::numeric[], $16::numeric[], $17::text[],
       $18::text[], $19::bigint[], $20::numeric[], $21::numeric[], $22::text[], $23::int[],
       $24::numeric[])`,
    wanted,
  );
}

function columnsOf(line: InvoiceLine): (string | number | null)[] {
  const { usage } = line;
  return [
    line.line,
    line.kind,
    line.bills.from,
    line.from,
    line.to,
    line.amountFemto.toString(),
    line.amountMinor.toString(),
    usage?.model ?? null,
    usage?.serviceTier ?? null,
    usage?.adapter ?? null,
    usage?.quantity ?? null,
    usage?.units.toString() ?? null,
    usage?.femtoPerUnit?.toString() ?? null,
    usage?.freeFemto.toString() ?? null,
    usage?.catalogVersion ?? line.fee?.catalogVersion ?? null,
    usage?.overrideId ?? null,
    usage?.events.toString() ?? null,
    usage?.digestA.toString() ?? null,
    usage?.digestB.toString() ?? null,
    usage?.part ?? '',
    usage?.aboveContext ?? 0,
    usage?.discountFemto.toString() ?? '0',
  ];
}
