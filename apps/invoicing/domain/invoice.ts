// A month of one organization as an invoice, drafted or about to be issued. The money is exact until the subtotal, which is
// rounded half to even once; its minor units are given to the lines by largest remainder, so that lines always sum to it. Taxes on
// top of prices are lines of their own behind them, so that all lines sum to the total; prepaid credits pay what is due.
import type { Account } from '#libs/events/account.js';
import { allocateMinor, roundToMinor } from '#libs/money/money.js';
import { burnForMonth, type CreditBurn } from '#libs/rating/credit-burn.js';
import type { RatedMonth, Unpriced } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import type { LateMonth } from './adjustment.js';
import { type Charge, chargesOf, taxCharge } from './charge.js';
import { minorDigits } from './currency.js';
import { type InvoiceTax, taxesOn } from './tax.js';

/** Topic → partition → the next offset: everything below it is in the invoice, nothing above. */
export type Cut = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface InvoiceInput {
  readonly account: Account;
  readonly period: Period;
  readonly rated: RatedMonth;
  readonly late: readonly LateMonth[];
  readonly cut: Cut;
  /** What earlier invoices took of each prepaid credit, minor units; absent: nothing. */
  readonly burnt?: ReadonlyMap<string, bigint>;
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
  readonly taxes: readonly InvoiceTax[];
  /** What prepaid credits pay, in the order of burning; never more than the subtotal. */
  readonly credits: readonly CreditBurn[];
  readonly creditsMinor: bigint;
  readonly totalMinor: bigint;
  readonly dueMinor: bigint;
  readonly cut: Cut;
  /** Usage without a price, of this month and of closed ones: while there is any, nothing is issued. */
  readonly suspense: readonly Unpriced[];
}

/** The invoice of a month as its usage stands; the same input gives the same invoice, to the order of its lines. */
export function draftInvoice(input: InvoiceInput): Invoice {
  const { account, period, rated, late, cut, burnt = new Map<string, bigint>() } = input;
  const { currency } = account.profile;
  const digits = minorDigits(currency);
  const charges = chargesOf(period, rated, late);
  const amounts = charges.map(({ amountFemto }) => amountFemto);
  const subtotalFemto = amounts.reduce((sum, amount) => sum + amount, 0n);
  const subtotalMinor = roundToMinor(subtotalFemto, digits);
  const minors = allocateMinor(amounts, subtotalMinor, digits);
  const credits = burnForMonth({
    credits: account.credits,
    period,
    dueMinor: subtotalMinor,
    digits,
    burnt,
  });
  const creditsMinor = sumOf(credits);
  const charged = charges.map((charge, index) => ({
    ...charge,
    line: index + 1,
    amountMinor: minors[index] as bigint,
  }));
  const taxes = taxesOn(charged, account.taxes, creditsMinor);
  const lines = [...charged, ...taxLines(taxes, charged.length, { period, digits })];
  const totalMinor = sumOf(lines);
  return {
    account,
    period,
    currency,
    digits,
    lines,
    subtotalFemto,
    subtotalMinor,
    taxes,
    credits,
    creditsMinor,
    totalMinor,
    dueMinor: totalMinor - creditsMinor,
    cut,
    suspense: [...rated.unpriced, ...late.flatMap(({ unpriced }) => unpriced)],
  };
}

function taxLines(
  taxes: readonly InvoiceTax[],
  before: number,
  { period, digits }: { readonly period: Period; readonly digits: number },
): InvoiceLine[] {
  return taxes
    .filter(({ rate, amountMinor }) => rate.behavior === 'exclusive' && amountMinor !== 0n)
    .map((tax, index) => ({
      ...taxCharge(period, tax, digits),
      line: before + index + 1,
      amountMinor: tax.amountMinor,
    }));
}

function sumOf(parts: readonly { readonly amountMinor: bigint }[]): bigint {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
