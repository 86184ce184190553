// A document as texts in one language, every one of them ready to print: what a page says is decided here, where it stands in the
// layout. Texts are the document's own decimals with their digits grouped; nothing is computed again.
import type { Quantity } from '#libs/events/quantities.js';
import { parseInstant } from '#libs/time/instant.js';
import { type Language, type Words, WORDS } from './document-words.js';
import { type PrintableLine, type PrintedRow, printedRow } from './printed-row.js';
import { cleanLines, grouped, isolated } from './printed-text.js';
import { dayText, spanText, type TextRange } from './printed-time.js';

/** What a document must say to be printed; an invoice and a credit note of the HTTP contract both do. */
export interface PrintableDocument {
  readonly number: string | null;
  readonly state: string;
  readonly organization: string;
  readonly bill_to: PrintableParty;
  /** Who issued it, where the document itself says so. */
  readonly seller?: PrintableParty;
  readonly period: TextRange;
  readonly currency: string;
  readonly issued_at: string | null;
  readonly due_at?: string | null;
  readonly lines: readonly PrintableLine[];
  readonly subtotal: string;
  readonly taxes: readonly PrintableTax[];
  readonly credits_applied?: string;
  readonly amount_paid?: string;
  readonly amount_credited?: string;
  readonly total: string;
  readonly amount_due?: string;
  /** Of a draft: usage that has no price yet and is not in the lines. */
  readonly suspense?: readonly { readonly model: string; readonly pool: string }[];
  /** Of a credit note: the invoice that it corrects, and why. */
  readonly invoice?: string;
  readonly reason?: string;
}

interface PrintableTax {
  readonly name?: string;
  /** `19` is 19 %. */
  readonly percent?: string;
  readonly behavior?: string;
  readonly note?: string | null;
  /** Why it is not charged. */
  readonly exemption?: { readonly kind: string; readonly reason: string } | null;
  readonly amount?: string;
}

interface PrintableParty {
  readonly name: string;
  readonly legal_name?: string | null;
  readonly email?: string | null;
  readonly address?: string | null;
  readonly tax_ids?: readonly string[];
}

/** Who sends the document. */
export type Seller = PrintableParty;

export interface PrintedParty {
  readonly label: string;
  readonly name: string;
  readonly lines: readonly string[];
}

export interface Printed {
  readonly language: Language;
  readonly title: string;
  readonly number: string | null;
  readonly issuedAt: number;
  /** Across the page: a draft and a void document must not be taken for a bill. */
  readonly stamp: string | null;
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly seller: PrintedParty;
  readonly billTo: PrintedParty;
  readonly rows: readonly PrintedRow[];
  readonly totals: readonly (readonly [label: string, text: string])[];
  /** The last of the totals, and the largest text of the page. */
  readonly due: readonly [label: string, text: string];
  readonly notes: readonly string[];
}

/** The document's texts in a language; `seller` is who issued it. */
export function printDocument(
  document: PrintableDocument,
  seller: Seller,
  language: Language,
): Printed {
  const words = WORDS[language];
  const isCredit = document.invoice !== undefined;
  const money = (amount: string): string => `${grouped(amount)} ${document.currency}`;
  const facts: [string, string | null][] = [
    [words.number, document.number],
    [words.corrects, document.invoice ?? null],
    [words.issued, dayText(words, document.issued_at)],
    [words.due, dayText(words, document.due_at ?? null)],
    [words.period, spanText(words, document.period)],
    [words.currency, document.currency],
  ];
  const due = document.amount_due ?? document.total;
  return {
    language,
    title: isCredit ? words.creditNote : words.invoice,
    number: document.number,
    issuedAt: parseInstant(document.issued_at ?? document.period.from) ?? 0,
    stamp: words.stamps[document.state as keyof Words['stamps']] ?? null,
    facts: facts.filter((fact): fact is [string, string] => fact[1] !== null),
    seller: partyOf(words.seller, words, seller),
    billTo: partyOf(words.billTo, words, document.bill_to),
    // Taxes stand among the totals.
    rows: document.lines
      .filter(({ kind }) => kind !== 'tax')
      .map((line) => printedRow(line, document.period, words)),
    totals: [
      [words.subtotal, money(document.subtotal)],
      ...document.taxes.map((tax) => [taxLabel(words, tax), money(tax.amount ?? '0')] as const),
      ...(document.amount_due === undefined ? [] : [[words.total, money(document.total)] as const]),
      ...takenOff(document, words, money),
    ],
    due: [document.amount_due === undefined ? words.total : words.amountDue, money(due)],
    notes: notesOf(document, words),
  };
}

// What stands between the total and what is due; nothing where it is nothing.
function takenOff(document: PrintableDocument, words: Words, money: (text: string) => string) {
  const parts: [string, string | undefined][] = [
    [words.credits, document.credits_applied],
    [words.paid, document.amount_paid],
    [words.credited, document.amount_credited],
  ];
  return parts.flatMap(([label, amount = '0']) =>
    /[1-9]/.test(amount) ? [[label, money(`-${amount.replace('-', '')}`)] as const] : [],
  );
}

function notesOf(document: PrintableDocument, words: Words): string[] {
  const reason = document.reason === undefined ? [] : cleanLines(document.reason);
  const [first, ...rest] = reason;
  return [
    ...(first === undefined ? [] : [`${words.reason}: ${first}`, ...rest]),
    ...document.taxes.flatMap((tax) => taxNotes(tax, words)),
    ...suspenseNotes(document, words),
    ...(document.lines.length === 0 ? [words.noLines] : []),
    words.rounding,
  ];
}

// What is not charged yet must not look as if it were free.
function suspenseNotes({ suspense = [] }: PrintableDocument, words: Words): string[] {
  const isolate = (text: string): string => (words.direction === 'rtl' ? isolated(text) : text);
  const named = suspense.map(
    ({ model, pool }) => `${isolate(model)} (${words.pools[pool as Quantity] ?? pool})`,
  );
  return named.length === 0 ? [] : [`${words.suspense}: ${[...new Set(named)].join(', ')}`];
}

function partyOf(label: string, words: Words, party: PrintableParty): PrintedParty {
  const name = cleanLines(party.legal_name ?? party.name)[0] ?? party.name;
  const taxIds = (party.tax_ids ?? []).flatMap(cleanLines);
  const id = (text: string): string => (words.direction === 'rtl' ? isolated(text) : text);
  return {
    label,
    name,
    lines: [
      ...cleanLines(party.address ?? ''),
      ...cleanLines(party.email ?? ''),
      ...taxIds.map((text) => `${words.taxId}: ${id(text)}`),
    ],
  };
}

// What a document must say of a tax that is not charged (Directive 2006/112/EC, article 226, points 11 and 11a).
function taxNotes({ note, exemption }: PrintableTax, words: Words): string[] {
  const noted = cleanLines(note ?? '');
  if (!exemption) return noted;
  const what = exemption.kind === 'reverse_charge' ? words.reverseCharge : words.exempt;
  const [first, ...rest] = cleanLines(exemption.reason);
  return [...noted, first === undefined ? what : `${what}: ${first}`, ...rest];
}

function taxLabel(words: Words, { name = words.tax, percent, behavior }: PrintableTax): string {
  const rate = percent === undefined ? '' : ` ${percent}%`;
  const included = behavior === 'inclusive' ? ` (${words.included})` : '';
  return `${cleanLines(name).join(' ')}${rate}${included}`;
}
