// The cases of public engines about taxes, credits and credit notes (libs/rating/oracle.spec.ts has them all), asked of the documents
// themselves.
import { existsSync, readFileSync } from 'node:fs';
import type { Credit } from '#libs/events/account.js';
import type { TaxRate } from '#libs/events/taxes.js';
import { FEMTO, parseMoney } from '#libs/money/money.js';
import { account } from '#libs/rating/test/terms.js';
import { monthOf } from '#libs/time/month.js';
import { line, month, NOVEMBER } from '../test/rated.js';
import { parseExact } from './count.js';
import { creditNoteDocument, decideCredits } from './credit-note.js';
import { draftInvoice } from './invoice.js';
import { invoiceDocument, type InvoiceDocument } from './invoice-document.js';
import { taxesOn } from './tax.js';

const FILE = '../shared/oracles/rating-and-invoicing-cases.json';
const CENT = FEMTO / 100n;
const rate = (percent: string): TaxRate => {
  const plain = { name: 'Tax', percent, jurisdiction: 'X' };
  return { ...plain, behavior: 'exclusive', exemption: null };
};
const cents = (text: string): number => Number(parseMoney(text) / CENT);

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;

function caseOf(id: string): Any {
  if (!existsSync(FILE)) return undefined;
  return JSON.parse(readFileSync(FILE, 'utf8')).find((one: Any) => one.id === id);
}

function invoiceOf(
  femtos: readonly bigint[],
  part: { percent?: string; credit?: string },
): InvoiceDocument {
  const { percent, credit } = part;
  const granted = { id: 'c', grantedAt: 0, expiresAt: null, priority: 1, note: null };
  const credits: Credit[] = credit === undefined ? [] : [{ ...granted, amount: credit }];
  const taxes = percent === undefined ? [] : [{ from: 0, rates: [rate(percent)] }];
  const rated = month(femtos.map((units) => line({ units, femtoPerUnit: 1n })));
  const of = { ...account(), credits, taxes };
  const invoice = draftInvoice({ account: of, period: NOVEMBER, rated, late: [], cut: {} });
  const issue = { number: 'MB-1', state: 'issued', issuedAt: 0, dueAt: 0 } as const;
  return parseExact(JSON.stringify(invoiceDocument(invoice, issue))) as InvoiceDocument;
}

describe('cases of public engines, on documents', () => {
  it('LAGO-092: what comes off before tax comes off every line in proportion', () => {
    const found = caseOf('LAGO-092');
    if (!found) return;
    const { fees, coupon_cents: coupon } = found.input;
    // A rate is a month's here: each fee has a month of its own.
    const months = fees.map((_: Any, index: number) => monthOf(Date.UTC(2026, index, 1)));
    const spans = fees.map(({ tax }: Any, index: number) => {
      return { from: months[index].from, rates: [rate(tax)] };
    });
    const lines = fees.map((fee: Any, index: number) => {
      return { bills: months[index], amountMinor: BigInt(fee.cents) };
    });
    const taxes = taxesOn(lines, spans, BigInt(coupon));
    const byLine = fees.map((_: Any, index: number) =>
      Number(taxes.reduce((sum, { shares }) => sum + (shares[index] ?? 0n), 0n)),
    );
    expect(byLine).toEqual(found.expected.tax);
    const sum = taxes.reduce((all, { amountMinor }) => all + amountMinor, 0n);
    expect(Number(sum)).toBe(found.expected.invoice.tax);
  });

  it('LAGO-090: a credit note gives net and tax back, each rounded once', () => {
    const found = caseOf('LAGO-090');
    const notes = (found?.input.cases ?? []).map(({ plan_cents: plan, tax }: Any, at: number) => {
      const invoice = invoiceOf([BigInt(plan) * CENT], { percent: tax });
      const asked = { line: 1, amountMinor: BigInt(found.expected.cases[at].net) };
      const { credits } = decideCredits(invoice, [asked], new Map());
      const note = { number: 'CN-1', issuedAt: 0, reason: 'unused' };
      const { subtotal, taxes, total } = creditNoteDocument(invoice, credits, note);
      return { net: cents(subtotal), tax: cents(taxes[0]?.amount ?? ''), total: cents(total) };
    });
    expect(notes).toEqual(found?.expected.cases ?? []);
  });

  it('LAGO-082: the tax of an invoice is rounded once over its fees', () => {
    const found = caseOf('LAGO-082');
    if (!found) return;
    const { usage_cents: usage, tax_percent: percent } = found.input;
    const parts = [usage, found.expected.true_up].map((minor: number) => BigInt(minor) * CENT);
    const { subtotal, taxes, total } = invoiceOf(parts, { percent });
    const told = { fees: cents(subtotal), tax: cents(taxes[0]?.amount ?? ''), total: cents(total) };
    expect(told).toEqual(found.expected.invoice);
  });

  it('OM-040: late usage of an open month is in it, and a credit is burned first', () => {
    const found = caseOf('OM-040');
    if (!found) return;
    const { unit_price: price, usage, late_usage: late, credit_grant: credit } = found.input;
    const femto = parseMoney(price) * (BigInt(usage) + BigInt(late));
    const {
      subtotal_exact: amount,
      credits_applied: credits,
      amount_due: due,
    } = invoiceOf([femto], { credit });
    expect([amount, parseMoney(credits), parseMoney(due)]).toEqual([
      found.expected.amount,
      parseMoney(found.expected.credits),
      parseMoney(found.expected.total),
    ]);
  });
});
