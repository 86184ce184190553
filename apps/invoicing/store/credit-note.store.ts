// Credit notes: written once, in one transaction with their number and their invoice's lock, and read as they were written.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { invalidRequest, Problem } from '#libs/http/problem.js';
import { announce } from '#libs/outbox/announcement.store.js';
import type { Clock } from '#libs/time/instant.js';
import { announcementOf } from '../domain/billing-events.js';
import {
  type Credit,
  type CreditAsk,
  type Credited,
  creditNoteDocument,
  decideCredits,
  noteTotal,
} from '../domain/credit-note.js';
import { minorDigits } from '../domain/currency.js';
import { chainHash } from '../domain/document-chain.js';
import { invoiceNumber } from '../domain/invoice-number.js';
import { amountDue, exactMinor } from '../domain/standing.js';
import type { IssueTerms } from './invoice-writer.js';
import { type LockedInvoice, lockInvoice, tellPaid } from './locked-invoice.js';
import { creditNoteSeries, lockIssuing, moveSeries, seriesEnd } from './series.store.js';

/** A line as it is asked for: money in femto-units, or units of its usage. */
export interface LineAsk {
  readonly line: number;
  readonly amountFemto?: bigint;
  readonly units?: bigint;
}

export interface NoteAsk {
  readonly lines: readonly LineAsk[];
  readonly reason: string;
  /** The id of the key. */
  readonly by: string;
}

/** `document` is the text as it was issued. */
export interface StoredNote {
  readonly id: bigint;
  readonly number: string;
  readonly organization: string;
  readonly document: string;
}

interface NoteRow {
  id: string;
  number: string;
  organization: string;
  document: string;
}

const SHOWN = 'id, number, organization, document::text AS document';

export class CreditNoteStore {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly issuer: Pick<IssueTerms, 'legalEntity' | 'seller'>,
  ) {}

  /** Issues a note; gives its text. Problem 404 `unknown_invoice`, 409 `invoice_void`, 400 and 422 that name the line's field. */
  async issue(invoiceOf: string, ask: NoteAsk): Promise<string> {
    return this.source.transaction(async (tx) => {
      const invoice = await lockInvoice(tx, invoiceOf);
      if (invoice.standing.state === 'void')
        throw new Problem(409, 'invoice_void', `${invoiceOf} is void: nothing is owed.`);
      const credits = await decided(tx, invoice, ask.lines);
      await lockIssuing(tx);
      const issuedAt = this.clock();
      const start = await seriesEnd(tx, creditNoteSeries(this.issuer.legalEntity, issuedAt));
      const last = start.last + 1n;
      const number = invoiceNumber(start.prefix, start.year, last);
      const note = { number, issuedAt, reason: ask.reason, seller: this.issuer.seller };
      const document = JSON.stringify(creditNoteDocument(invoice.document, credits, note));
      const totalMinor = noteTotal(invoice.document, credits);
      const head = chainHash(start.head, number, document);
      const end = { ...start, last, length: start.length + 1n, head };
      const row = [number, invoiceOf, invoice.organization, issuedAt, ask.by];
      const link = [this.issuer.legalEntity, String(end.length), start.head, head];
      await insertNote(tx, [...row, totalMinor.toString(), document, ...link], credits);
      await moveSeries(tx, end);
      await told(tx, invoice, document, issuedAt);
      const creditedMinor = invoice.standing.creditedMinor + totalMinor;
      if (amountDue(invoice.issuedMinor, { ...invoice.standing, creditedMinor }) === 0n)
        await tellPaid(tx, invoice, issuedAt);
      return document;
    });
  }

  /** undefined: there is no such number. */
  async find(number: string): Promise<StoredNote | undefined> {
    const [row] = await rows<NoteRow>(
      this.source,
      `SELECT ${SHOWN} FROM credit_note WHERE number = $1`,
      [number],
    );
    return row && { ...row, id: BigInt(row.id) };
  }

  /** The last issued first; `before` is the id of a note. */
  async list(
    filter: { readonly organization?: string; readonly invoice?: string; readonly before?: bigint },
    limit: number,
  ): Promise<StoredNote[]> {
    const { organization = null, invoice = null, before = null } = filter;
    const found = await rows<NoteRow>(
      this.source,
      `SELECT ${SHOWN} FROM credit_note
       WHERE ($1::text IS NULL OR organization = $1) AND ($2::text IS NULL OR invoice = $2)
         AND ($3::bigint IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [organization, invoice, before?.toString() ?? null, limit],
    );
    return found.map((row) => ({ ...row, id: BigInt(row.id) }));
  }
}

async function decided(
  tx: EntityManager,
  { number, document }: LockedInvoice,
  lines: readonly LineAsk[],
): Promise<Credit[]> {
  const earlier = await creditedLines(tx, number);
  const asks = inMinor(lines, document.currency);
  const { credits, faults } = decideCredits(document, asks, earlier);
  const [first] = faults;
  if (!first) return credits;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new Problem(422, first.code, `${first.pointer}: ${first.detail}${more}`, {
    errors: faults,
  });
}

function inMinor(lines: readonly LineAsk[], currency: string): CreditAsk[] {
  const digits = minorDigits(currency);
  const detail = `must have at most ${digits} decimal places in ${currency}`;
  const code = 'invalid_value';
  const asks = lines.map(({ line, amountFemto, units }) => ({
    line,
    ...(units !== undefined && { units }),
    ...(amountFemto !== undefined && { amountMinor: exactMinor(amountFemto, digits) }),
  }));
  const errors = asks.flatMap((ask, index) =>
    'amountMinor' in ask && ask.amountMinor === undefined
      ? [{ pointer: `/lines/${index}/amount`, code, detail }]
      : [],
  );
  if (errors.length > 0) throw invalidRequest(errors);
  return asks;
}

async function creditedLines(tx: EntityManager, invoice: string): Promise<Map<number, Credited>> {
  const found = await rows<{ line: number; amount: string; units: string }>(
    tx,
    `SELECT line, sum(amount_minor) AS amount, coalesce(sum(units), 0) AS units
     FROM credit_note_line WHERE invoice = $1 GROUP BY line`,
    [invoice],
  );
  return new Map(
    found.map(({ line, amount, units }) => [
      line,
      { amountMinor: BigInt(amount), units: BigInt(units) },
    ]),
  );
}

async function insertNote(
  tx: EntityManager,
  row: readonly unknown[],
  credits: readonly Credit[],
): Promise<void> {
  await tx.query(
    `INSERT INTO credit_note (number, invoice, organization, issued_at, issued_by, total_minor,
       document, legal_entity, chain_position, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [...row],
  );
  await tx.query(
    `INSERT INTO credit_note_line
     SELECT $1, $2, * FROM unnest($3::int[], $4::numeric[], $5::numeric[])`,
    [
      row[0],
      row[1],
      credits.map(({ line }) => line.line),
      credits.map(({ amountMinor }) => amountMinor.toString()),
      credits.map(({ units }) => units?.toString() ?? null),
    ],
  );
}

// `document` was just written: it holds no count that is not exact in a number here.
async function told(tx: EntityManager, invoice: LockedInvoice, text: string, at: number) {
  const { number, total, currency, reason } = JSON.parse(text) as Record<string, string>;
  const { organization } = invoice;
  const data = { number, invoice: invoice.number, organization, currency, total, reason };
  const type = 'credit_note.issued';
  await announce(tx, [announcementOf({ type, fact: number as string, organization, at, data })]);
}
