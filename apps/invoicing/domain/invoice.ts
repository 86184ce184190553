// A month of one organization as an invoice, drafted or about to be issued. The money is exact until the subtotal, which is
// rounded half to even once; its minor units are given to the lines by largest remainder, so that lines always sum to it.
import type { Account } from '#libs/events/account.js';
import { allocateMinor, roundToMinor } from '#libs/money/money.js';
import type { RatedMonth, Unpriced } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import type { LateMonth } from './adjustment.js';
import { type Charge, chargesOf } from './charge.js';
import { minorDigits } from './currency.js';

/** Topic → partition → the next offset: everything below it is in the invoice, nothing above. */
export type Cut = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface InvoiceInput {
  readonly account: Account;
  readonly period: Period;
  readonly rated: RatedMonth;
  readonly late: readonly LateMonth[];
  readonly cut: Cut;
}

/** A charge with its number on the invoice, from 1, and its share of the rounded subtotal. */
export interface InvoiceLine extends Charge {
  readonly line: number;
  readonly amountMinor: bigint;
}

export interface Invoice {
  readonly account: Account;
  readonly period: Period;
  readonly currency: string;
  /** Digits of the currency's minor unit: 2 for USD. */
  readonly digits: number;
  readonly lines: readonly InvoiceLine[];
  readonly subtotalFemto: bigint;
  readonly subtotalMinor: bigint;
  readonly creditsMinor: bigint;
  readonly totalMinor: bigint;
  readonly dueMinor: bigint;
  readonly cut: Cut;
  /** Usage without a price, of this month and of closed ones: while there is any, nothing is issued. */
  readonly suspense: readonly Unpriced[];
}

/** The invoice of a month as its usage stands; the same input gives the same invoice, to the order of its lines. */
export function draftInvoice({ account, period, rated, late, cut }: InvoiceInput): Invoice {
  const { currency } = account.profile;
  const digits = minorDigits(currency);
  const charges = chargesOf(period, rated, late);
  const amounts = charges.map(({ amountFemto }) => amountFemto);
  const subtotalFemto = amounts.reduce((sum, amount) => sum + amount, 0n);
  const subtotalMinor = roundToMinor(subtotalFemto, digits);
  const minors = allocateMinor(amounts, subtotalMinor, digits);
  return {
    account,
    period,
    currency,
    digits,
    lines: charges.map((charge, index) => ({
      ...charge,
      line: index + 1,
      amountMinor: minors[index] as bigint,
    })),
    subtotalFemto,
    subtotalMinor,
    creditsMinor: 0n,
    totalMinor: subtotalMinor,
    dueMinor: subtotalMinor,
    cut,
    suspense: [...rated.unpriced, ...late.flatMap(({ unpriced }) => unpriced)],
  };
}
