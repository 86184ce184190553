// The taxes that come back with credited lines: in proportion to what is credited of each, so that a line that is credited whole, at
// once or bit by bit, gives back all of its tax and no more; and never more than the invoice charged.
import { roundFraction } from '#libs/money/fraction.js';
import { formatMinor } from '#libs/money/money.js';
import { shareOut } from '#libs/money/share.js';
import { minorDigits } from './currency.js';
import type { InvoiceDocument, LineDocument } from './invoice-document.js';
import { minorOf } from './standing.js';

/** A rate of a line, and what of it comes back in minor units. */
export interface CreditedTax {
  readonly name: string;
  readonly jurisdiction: string;
  readonly percent: string;
  readonly amountMinor: bigint;
}

interface Credited {
  readonly amountMinor: bigint;
  readonly taxes: readonly CreditedTax[];
}

/** The taxes of a line between two sums credited of it, minor units of the invoice's currency. */
export function creditedTaxes(
  { amount, taxes = [] }: LineDocument,
  currency: string,
  [from, to]: readonly [bigint, bigint],
): CreditedTax[] {
  const whole = minorOf(amount, currency);
  return taxes.map(({ name, jurisdiction, percent, amount: tax }) => {
    const minor = minorOf(tax, currency);
    const amountMinor = shareOf(minor, to, whole) - shareOf(minor, from, whole);
    return { name, jurisdiction, percent, amountMinor };
  });
}

interface CreditedBefore {
  /** Line → minor units that earlier notes took back of it. */
  readonly before: ReadonlyMap<number, bigint>;
  /** Nothing of the invoice is left to credit after this note. */
  readonly isLast: boolean;
}

/**
 * The credits with their taxes held to the invoice's. Lines that take off (a discount) bear a tax below zero and are not credited,
 * so the taxes of the others alone may come to more than was charged, or by their rounding to less: no note gives back more of a
 * rate than is left, and the last one all that is left.
 */
export function heldToCharged<Line extends Credited>(
  invoice: InvoiceDocument,
  credits: readonly Line[],
  earlier: CreditedBefore,
): Line[] {
  const rates = new Map(credits.flatMap(({ taxes }) => taxes.map((tax) => [keyOf(tax), tax])));
  let held = [...credits];
  for (const rate of rates.values()) held = heldRate(invoice, rate, held, earlier);
  return held;
}

function heldRate<Line extends Credited>(
  { lines, currency }: InvoiceDocument,
  rate: Named,
  credits: Line[],
  { before, isLast }: CreditedBefore,
): Line[] {
  const ofLine = (line: LineDocument, part: bigint) =>
    part === 0n ? 0n : amountOf(creditedTaxes(line, currency, [0n, part]), rate);
  let [charged, given] = [0n, 0n];
  for (const line of lines) {
    charged += ofLine(line, minorOf(line.amount, currency));
    given += ofLine(line, before.get(line.line) ?? 0n);
  }
  const left = given < charged ? charged - given : 0n;
  const own = credits.filter(({ taxes }) => taxes.some((tax) => isSame(tax, rate)));
  const asked = own.reduce((sum, { taxes }) => sum + amountOf(taxes, rate), 0n);
  if (asked === left || (asked < left && !isLast)) return credits;
  const shares = shareOut(
    left,
    own.map(({ amountMinor }) => amountMinor),
  );
  return credits.map((credit) => {
    const share = shares[own.indexOf(credit)];
    if (share === undefined) return credit;
    const taxes = credit.taxes.map((tax) =>
      isSame(tax, rate) ? { ...tax, amountMinor: share } : tax,
    );
    return { ...credit, taxes };
  });
}

/** A note's taxes in the shape of an invoice's. */
export function noteTaxes(invoice: InvoiceDocument, credits: readonly Credited[]) {
  const digits = minorDigits(invoice.currency);
  return invoice.taxes.flatMap((tax) => {
    const own = credits.filter(({ taxes }) => taxes.some((one) => isSame(one, tax)));
    if (own.length === 0) return [];
    const amountMinor = own.reduce((sum, { taxes }) => sum + amountOf(taxes, tax), 0n);
    const credited = own.reduce((sum, one) => sum + one.amountMinor, 0n);
    const taxable = paidShare(invoice, credited) - (isOnTop(tax) ? 0n : amountMinor);
    const amounts = {
      taxable: formatMinor(taxable, digits),
      amount: formatMinor(amountMinor, digits),
    };
    return [{ ...tax, ...amounts }];
  });
}

/** What comes back beside the lines: taxes that prices contain are in them. */
export function taxOnTop(invoice: InvoiceDocument, credits: readonly Credited[]): bigint {
  const onTop = invoice.taxes.filter(isOnTop);
  return credits
    .flatMap(({ taxes }) => taxes)
    .filter((one) => onTop.some((tax) => isSame(one, tax)))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

/** Half to even, of the part up to here: so that parts, one after the other, sum to the whole. */
export function shareOf(minor: bigint, part: bigint, whole: bigint): bigint {
  return roundFraction({ of: minor * part, over: whole });
}

// Prepaid credits were not taxed, so of what is credited their part has no tax to give back.
function paidShare({ subtotal, credits_applied, currency }: InvoiceDocument, minor: bigint) {
  const [all, credits] = [minorOf(subtotal, currency), minorOf(credits_applied, currency)];
  return credits === 0n ? minor : shareOf(minor, all - credits, all);
}

type Named = Pick<CreditedTax, 'name' | 'jurisdiction' | 'percent'>;

function amountOf(taxes: readonly CreditedTax[], tax: Named): bigint {
  return taxes
    .filter((one) => isSame(one, tax))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function isOnTop({ behavior }: { readonly behavior: string }): boolean {
  return behavior === 'exclusive';
}

function isSame(one: Named, other: Named): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ name, jurisdiction, percent }: Named): string {
  return JSON.stringify([name, jurisdiction, percent]);
}
