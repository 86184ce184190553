// Writes invoices, one or thousands, in the caller's transaction: documents with their numbers and links, their lines, and the events
// that tell of them. Either all of that is there or nothing is, so numbers have no gap however often it is aborted.
import type { EntityManager } from 'typeorm';
import { copyInto } from '#libs/database/copy.js';
import { CopyFields } from '#libs/database/copy-fields.js';
import { rows } from '#libs/database/database.js';
import { type Announcement, announceNew } from '#libs/outbox/announcement.store.js';
import { DAY_MS } from '#libs/time/instant.js';
import { adjustmentsBooked, announcementOf, invoiceIssued } from '../domain/billing-events.js';
import { chainHash } from '../domain/document-chain.js';
import type { Invoice } from '../domain/invoice.js';
import { invoiceDocument } from '../domain/invoice-document.js';
import { invoiceNumber } from '../domain/invoice-number.js';
import { recordBurns } from './credit-burn.store.js';
import type { Seller } from '../domain/printed-document.js';
import { LINE_COLUMNS, putLine } from './invoice-line-rows.js';
import type { SeriesEnd } from './series.store.js';

export interface IssueTerms {
  /** The first part of every number. */
  readonly legalEntity: string;
  readonly dueDays: number;
  /** Who issues: kept in each document. */
  readonly seller?: Seller | undefined;
}

/** Invoices as they will be written, and where their series stands after them. */
export interface BuiltInvoices {
  readonly start: SeriesEnd;
  readonly end: SeriesEnd;
  /** In the order of the drafts. */
  readonly numbers: readonly string[];
  /** Rows but for their ids, which the database gives out. */
  readonly rows: readonly InvoiceRow[];
  readonly announcements: readonly Announcement[];
}

interface InvoiceRow {
  readonly invoice: Invoice;
  readonly number: string;
  readonly dueAt: number;
  readonly document: string;
  readonly position: bigint;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
}

const COLUMNS = [
  'id',
  'number',
  'organization',
  'period_from',
  'period_to',
  'state',
  'currency',
  'issued_at',
  'due_at',
  'subtotal_femto',
  'total_minor',
  'document',
  'run',
  'legal_entity',
  'chain_position',
  'previous_hash',
  'hash',
];

interface WrittenAt {
  readonly dueDays: number;
  readonly at: number;
  /** Has to be said, so that no writer forgets it. */
  readonly seller: Seller | undefined;
}

/** Numbers, documents and links for drafts that go on from `start`; `at` is the instant of issue, epoch ms. */
export function buildInvoices(
  drafts: readonly Invoice[],
  start: SeriesEnd,
  { dueDays, at, seller }: WrittenAt,
): BuiltInvoices {
  let { last, length, head } = start;
  const dueAt = at + dueDays * DAY_MS;
  const built: InvoiceRow[] = [];
  const announcements: Announcement[] = [];
  for (const invoice of drafts) {
    last += 1n;
    length += 1n;
    const number = invoiceNumber(start.prefix, start.year, last);
    const issue = { number, state: 'issued', issuedAt: at, dueAt, seller } as const;
    const document = JSON.stringify(invoiceDocument(invoice, issue));
    const hash = chainHash(head, number, document);
    built.push({ invoice, number, dueAt, document, position: length, previousHash: head, hash });
    const told = [invoiceIssued(invoice, issue), ...adjustmentsBooked(invoice, issue)];
    announcements.push(...told.map(announcementOf));
    head = hash;
  }
  const numbers = built.map(({ number }) => number);
  return { start, end: { ...start, last, length, head }, numbers, rows: built, announcements };
}

/** Adds the rows; the caller holds the lock of issuing and moves the series. */
export async function writeInvoices(
  tx: EntityManager,
  { rows: built, announcements, end }: BuiltInvoices,
  { at, run }: { readonly at: number; readonly run: string | null },
): Promise<void> {
  if (built.length === 0) return;
  const firstId = await reserveIds(tx, built.length);
  const invoices = new CopyFields(COLUMNS.length);
  const lines = new CopyFields(LINE_COLUMNS.length);
  for (const [index, row] of built.entries()) {
    const id = firstId + index;
    putInvoice(invoices, row, { id, at, run, legalEntity: end.legalEntity });
    for (const line of row.invoice.lines) putLine(lines, id, row.invoice.account.id, line);
  }
  await copyInto(tx, 'invoice', COLUMNS, invoices.end());
  await copyInto(tx, 'invoice_line', LINE_COLUMNS, lines.end());
  await recordBurns(tx, built);
  await announceNew(tx, announcements);
}

function putInvoice(
  to: CopyFields,
  { invoice, number, dueAt, document, position, previousHash, hash }: InvoiceRow,
  own: { id: number; at: number; run: string | null; legalEntity: string },
): void {
  to.row()
    .int8(own.id)
    .text(number)
    .text(invoice.account.id)
    .int8(invoice.period.from)
    .int8(invoice.period.to)
    .text('issued')
    .text(invoice.currency)
    .int8(own.at)
    .int8(dueAt)
    .numeric(invoice.subtotalFemto)
    .numeric(invoice.totalMinor)
    .text(document)
    .text(own.run)
    .text(own.legalEntity)
    .int8(Number(position))
    .raw(previousHash)
    .raw(hash);
}

// Ids grow in the order of the numbers: only who holds the lock of issuing takes any.
async function reserveIds(tx: EntityManager, count: number): Promise<number> {
  const [row] = await rows<{ last: string }>(
    tx,
    `SELECT setval('invoice_id_seq', last_value - CASE WHEN is_called THEN 0 ELSE 1 END + $1) AS last
     FROM invoice_id_seq`,
    [count],
  );
  return Number(row?.last) - count + 1;
}
