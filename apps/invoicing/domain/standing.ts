// Where an issued invoice stands: paid, credited or void. It is laid over the issued document when that is read; the document
// itself never changes.
import { formatMinor, parseMoney, roundToMinor } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import { count, parseExact } from './count.js';
import { minorDigits } from './currency.js';
import type { InvoiceDocument, InvoiceState } from './invoice-document.js';

/** Money in minor units of the invoice's currency; `voidedAt` epoch ms. */
export interface Standing {
  readonly state: InvoiceState;
  readonly paidMinor: bigint;
  readonly creditedMinor: bigint;
  readonly voidedAt: number | null;
}

/** A document as its readers see it: the issued one, with its standing where anything happened to it. */
export type StandingDocument = InvoiceDocument & {
  readonly paid?: string;
  readonly credited?: string;
  readonly refund_due?: string;
  /** Of an invoice that prepaid credits paid: what credit notes took back beyond what was due. */
  readonly credit_due?: string;
  readonly voided_at?: string | null;
};

/** Femto-units as minor units; undefined where they are no whole number of these: 0.005 USD. */
export function exactMinor(femto: bigint, digits: number): bigint | undefined {
  const unit = 10n ** BigInt(15 - digits);
  return femto % unit === 0n ? femto / unit : undefined;
}

/** An amount that a document says, in minor units. */
export function minorOf(text: string, currency: string): bigint {
  return roundToMinor(parseMoney(text), minorDigits(currency));
}

/** What is still to be paid: nothing of a void invoice, and never less than nothing. */
export function amountDue(issuedMinor: bigint, standing: Standing): bigint {
  const left = issuedMinor - standing.paidMinor - standing.creditedMinor;
  return standing.state === 'void' || left < 0n ? 0n : left;
}

/** The document's text as it is read: the issued bytes while nothing happened to the invoice. */
export function withStanding(text: string, standing: Standing): string {
  const { state, paidMinor, creditedMinor } = standing;
  if (state === 'issued' && paidMinor === 0n && creditedMinor === 0n) return text;
  return stringifyExact(standingDocument(parseExact(text) as InvoiceDocument, standing));
}

/**
 * The document with what became of it. `refund_due` is what was paid beyond what is owed after credit notes, `credit_due` what prepaid
 * credits paid beyond it: the operator gives both back, the second by granting a credit.
 */
export function standingDocument(document: InvoiceDocument, standing: Standing): StandingDocument {
  const { currency } = document;
  const amount = (minor: bigint): string => formatMinor(minor, minorDigits(currency));
  const issuedMinor = minorOf(document.amount_due, currency);
  const { state, paidMinor, creditedMinor, voidedAt } = standing;
  const over = paidMinor + creditedMinor - issuedMinor;
  const refund = over > paidMinor ? paidMinor : over;
  return {
    ...document,
    state,
    amount_due: amount(amountDue(issuedMinor, standing)),
    paid: amount(paidMinor),
    credited: amount(creditedMinor),
    refund_due: amount(refund > 0n ? refund : 0n),
    ...(document.credits !== undefined && {
      credit_due: amount(creditedMinor > issuedMinor ? creditedMinor - issuedMinor : 0n),
    }),
    voided_at: voidedAt === null ? null : formatInstant(voidedAt),
  };
}

// `parseExact` gives integers above 2^53 as bigint.
function stringifyExact(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? count(item) : item,
  );
}
