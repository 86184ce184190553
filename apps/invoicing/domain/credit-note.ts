// Credit notes: what of an invoice's lines is taken back, never more than the line charged, never more than the invoice.
import { formatMinor } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import { count } from './count.js';
import {
  type CreditedTax,
  creditedTaxes,
  heldToCharged,
  noteTaxes,
  shareOf,
  taxOnTop,
} from './credit-note-taxes.js';
import { minorDigits } from './currency.js';
import { type InvoiceDocument, type LineDocument, sellerDocument } from './invoice-document.js';
import type { Seller } from './printed-document.js';
import { minorOf } from './standing.js';

/** What is asked for of one line: money in minor units, or units of its usage. */
export interface CreditAsk {
  readonly line: number;
  readonly amountMinor?: bigint;
  readonly units?: bigint;
}

/** Taken back so far, by all credit notes of a line. */
export interface Credited {
  readonly amountMinor: bigint;
  readonly units: bigint;
}

export interface Credit {
  readonly line: LineDocument;
  readonly amountMinor: bigint;
  /** null: it was told in money. */
  readonly units: bigint | null;
  /** The taxes that come back with it (credit-note-taxes.ts). */
  readonly taxes: readonly CreditedTax[];
}

/** Why a line cannot be credited so: a JSON pointer into the request, and a code. */
export interface CreditFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** The credits of the lines asked for; throws nothing: faults come beside them. */
export function decideCredits(
  document: InvoiceDocument,
  asks: readonly CreditAsk[],
  earlier: ReadonlyMap<number, Credited>,
): { readonly credits: Credit[]; readonly faults: CreditFault[] } {
  const credits: Credit[] = [];
  const faults: CreditFault[] = [];
  const seen = new Set<number>();
  for (const [index, ask] of asks.entries()) {
    const line = document.lines.find((one) => one.line === ask.line);
    const before = earlier.get(ask.line) ?? { amountMinor: 0n, units: 0n };
    const found = creditOf(document, { ask, line, before, isRepeated: seen.has(ask.line) });
    seen.add(ask.line);
    if ('amountMinor' in found) credits.push(found);
    else faults.push({ ...found, pointer: `/lines/${index}${found.pointer}` });
  }
  if (faults.length > 0) return { credits, faults };
  const left = leftToCredit(document, earlier) - sumMinor(credits);
  if (left < 0n) return { credits, faults: [aboveTotal(document, left + sumMinor(credits))] };
  const before = new Map([...earlier].map(([line, { amountMinor }]) => [line, amountMinor]));
  return { credits: heldToCharged(document, credits, { before, isLast: left === 0n }), faults };
}

interface Question {
  readonly ask: CreditAsk;
  readonly line: LineDocument | undefined;
  readonly before: Credited;
  readonly isRepeated: boolean;
}

function creditOf(document: InvoiceDocument, question: Question): Credit | CreditFault {
  const { ask, line, before, isRepeated } = question;
  if (!line) return fault('/line', 'unknown_line', `${document.number} has no line ${ask.line}`);
  if (line.kind === 'tax')
    return fault('/line', 'tax_line', 'is a tax: it comes back with the lines that it is of');
  if (isRepeated) return fault('/line', 'repeated_line', 'each line is credited once per note');
  const chargedMinor = minorOf(line.amount, document.currency);
  const leftMinor = chargedMinor - before.amountMinor;
  const isByUnits = ask.units !== undefined;
  if (isByUnits && line.quantity === null)
    return fault('/quantity', 'no_quantity', `line ${line.line} has no quantity: give an amount`);
  const total = BigInt(line.quantity ?? 0);
  if (isByUnits && ask.units > total - before.units)
    return fault(
      '/quantity',
      'above_line',
      `is more than the ${total - before.units} that are left of line ${line.line}`,
    );
  const amountMinor = isByUnits
    ? shareOf(chargedMinor, before.units + ask.units, total) -
      shareOf(chargedMinor, before.units, total)
    : (ask.amountMinor as bigint);
  const pointer = isByUnits ? '/quantity' : '/amount';
  if (amountMinor > leftMinor) {
    const left = formatMinor(leftMinor < 0n ? 0n : leftMinor, minorDigits(document.currency));
    const detail = `is more than the ${left} ${document.currency} that are left of line ${line.line}`;
    return fault(pointer, 'above_line', detail);
  }
  if (amountMinor <= 0n)
    return fault(pointer, 'nothing_to_credit', `comes to no amount of line ${line.line}`);
  const taxes = creditedTaxes(line, document.currency, [
    before.amountMinor,
    before.amountMinor + amountMinor,
  ]);
  return { line, amountMinor, units: ask.units ?? null, taxes };
}

// Lines that take off (a free tier's credit) make the invoice less than its other lines.
function leftToCredit(
  { lines, currency }: InvoiceDocument,
  earlier: ReadonlyMap<number, Credited>,
): bigint {
  const charged = lines.filter(({ kind }) => kind !== 'tax');
  const subtotal = charged.reduce((sum, { amount }) => sum + minorOf(amount, currency), 0n);
  return subtotal - sumMinor([...earlier.values()]);
}

function aboveTotal({ number, currency }: InvoiceDocument, left: bigint): CreditFault {
  const text = formatMinor(left, minorDigits(currency));
  const detail = `come to more than the ${text} ${currency} that are left of ${number}`;
  return fault('/lines', 'above_invoice', detail);
}

/** The note in the shape of the HTTP contract: its lines are the invoice's, with what is taken back of them. */
export function creditNoteDocument(
  invoice: InvoiceDocument,
  credits: readonly Credit[],
  note: {
    readonly number: string;
    readonly issuedAt: number;
    readonly reason: string;
    readonly seller?: Seller | undefined;
  },
) {
  const { currency, organization, bill_to, period } = invoice;
  const amount = (minor: bigint): string => formatMinor(minor, minorDigits(currency));
  return {
    number: note.number,
    state: 'issued',
    invoice: invoice.number as string,
    organization,
    ...(note.seller && { seller: sellerDocument(note.seller) }),
    bill_to,
    period,
    currency,
    issued_at: formatInstant(note.issuedAt),
    reason: note.reason,
    lines: credits.map(({ line, amountMinor, units, taxes }) => ({
      line: line.line,
      kind: line.kind,
      description: line.description,
      model: line.model,
      service_tier: line.service_tier,
      adapter: line.adapter,
      pool: line.pool,
      from: line.from,
      to: line.to,
      quantity: units === null ? null : count(units),
      unit: line.unit,
      price_per_million: line.price_per_million,
      tier: line.tier,
      amount: amount(amountMinor),
      ...(taxes.length > 0 && {
        taxes: taxes.map(({ amountMinor: minor, ...rate }) => ({ ...rate, amount: amount(minor) })),
      }),
    })),
    subtotal: amount(sumMinor(credits)),
    taxes: noteTaxes(invoice, credits),
    total: amount(noteTotal(invoice, credits)),
  };
}

/** What a note gives back, minor units: its lines and the taxes on top of them. */
export function noteTotal(invoice: InvoiceDocument, credits: readonly Credit[]): bigint {
  return sumMinor(credits) + taxOnTop(invoice, credits);
}

export type CreditNoteDocument = ReturnType<typeof creditNoteDocument>;

/** What the credits come to. */
function sumMinor(parts: readonly { readonly amountMinor: bigint }[]): bigint {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function fault(pointer: string, code: string, detail: string): CreditFault {
  return { pointer, code, detail };
}
