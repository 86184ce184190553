import fc from 'fast-check';
import type { Credit } from '#libs/events/account.js';
import type { TaxRate } from '#libs/events/taxes.js';
import { FEMTO } from '#libs/money/money.js';
import { account } from '#libs/rating/test/terms.js';
import { line, month, NOVEMBER } from '../test/rated.js';
import { parseExact } from './count.js';
import { creditNoteDocument, type CreditAsk, decideCredits, noteTotal } from './credit-note.js';
import { draftInvoice } from './invoice.js';
import { invoiceDocument, type InvoiceDocument } from './invoice-document.js';
import { minorOf } from './standing.js';

const CENT = FEMTO / 100n;
const vat = (part: Partial<TaxRate> = {}): TaxRate => {
  const plain = { name: 'VAT', percent: '19', jurisdiction: 'DE' };
  return { ...plain, behavior: 'exclusive', exemption: null, ...part };
};

function invoiceOf(
  cents: readonly bigint[],
  rates: readonly TaxRate[],
  part: { currency?: string; credit?: string; discount?: bigint } = {},
): InvoiceDocument {
  const { currency = 'USD', credit, discount = 0n } = part;
  const granted = { id: 'c', grantedAt: 0, expiresAt: null, priority: 1, note: null };
  const credits: Credit[] = credit === undefined ? [] : [{ ...granted, amount: credit }];
  const of = { ...account({ currency }), credits, taxes: [{ from: 0, rates }] };
  const rated = month(
    cents.map((units, index) =>
      line({
        units: units * CENT,
        femtoPerUnit: 1n,
        discountFemto: index === 0 ? discount * CENT : 0n,
      }),
    ),
  );
  const invoice = draftInvoice({ account: of, period: NOVEMBER, rated, late: [], cut: {} });
  const issue = { number: 'MB-1', state: 'issued', issuedAt: 0, dueAt: 0 } as const;
  return parseExact(JSON.stringify(invoiceDocument(invoice, issue))) as InvoiceDocument;
}

function noteOf(invoice: InvoiceDocument, asks: readonly CreditAsk[]) {
  const { credits, faults } = decideCredits(invoice, asks, new Map());
  expect(faults).toEqual([]);
  return creditNoteDocument(invoice, credits, { number: 'CN-1', issuedAt: 0, reason: 'wrong' });
}

describe('a credit note of a taxed invoice', () => {
  it('gives tax back in proportion, on top of its lines', () => {
    const note = noteOf(invoiceOf([1_000n, 500n], [vat()]), [{ line: 1, amountMinor: 100n }]);
    expect(note).toMatchObject({
      subtotal: '1.00',
      taxes: [{ name: 'VAT', percent: '19', taxable: '1.00', amount: '0.19', exemption: null }],
      total: '1.19',
      lines: [{ line: 1, amount: '1.00', taxes: [{ name: 'VAT', amount: '0.19' }] }],
    });
  });

  it('gives back what prices contain as a part of its lines', () => {
    const contained = invoiceOf([1_190n], [vat({ behavior: 'inclusive' })]);
    expect(noteOf(contained, [{ line: 1, amountMinor: 595n }])).toMatchObject({
      subtotal: '5.95',
      taxes: [{ behavior: 'inclusive', taxable: '5.00', amount: '0.95' }],
      total: '5.95',
    });
  });

  it('gives no tax back of what prepaid credits had paid', () => {
    const invoice = invoiceOf([1_000n], [vat()], { credit: '4.00' });
    expect(noteOf(invoice, [{ line: 1, amountMinor: 1_000n }])).toMatchObject({
      subtotal: '10.00',
      taxes: [{ taxable: '6.00', amount: '1.14' }],
      total: '11.14',
    });
  });

  it('keeps the reason of a rate that was not charged', () => {
    const exemption = { kind: 'reverse_charge', reason: 'Article 196' } as const;
    const note = noteOf(invoiceOf([100n], [vat({ exemption })]), [{ line: 1, amountMinor: 50n }]);
    expect([note.total, note.taxes]).toMatchObject(['0.50', [{ amount: '0.00', exemption }]]);
  });

  it('is in the minor unit of its currency', () => {
    const yen = invoiceOf([100_000n], [vat({ percent: '10' })], { currency: 'JPY' });
    expect(noteOf(yen, [{ line: 1, amountMinor: 15n }])).toMatchObject({
      subtotal: '15',
      taxes: [{ taxable: '15', amount: '2' }],
      total: '17',
    });
    const dinars = invoiceOf([100n], [vat({ percent: '5' })], { currency: 'KWD' });
    expect(noteOf(dinars, [{ line: 1, amountMinor: 333n }])).toMatchObject({
      subtotal: '0.333',
      taxes: [{ amount: '0.017' }],
      total: '0.350',
    });
  });

  it('credits no tax by itself', () => {
    const { faults } = decideCredits(
      invoiceOf([1_000n], [vat()]),
      [{ line: 2, amountMinor: 1n }],
      new Map(),
    );
    expect(faults).toMatchObject([{ pointer: '/lines/0/line', code: 'tax_line' }]);
  });

  it('after note until all is credited has given back the whole invoice, tax and all', () => {
    const cents = fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1, maxLength: 5 });
    const percent = fc.nat({ max: 40 });
    const behavior = fc.constantFrom('exclusive' as const, 'inclusive' as const);
    fc.assert(
      fc.property(cents, percent, behavior, fc.bigInt(1n, 10n ** 6n), (amounts, rate, how, cut) => {
        const invoice = invoiceOf(amounts, [vat({ percent: `${rate}`, behavior: how })]);
        let given = 0n;
        for (const [index, amount] of amounts.entries()) {
          const first = cut < amount ? cut : amount;
          const parts = first === amount ? [first] : [first, amount - first];
          let before = 0n;
          for (const amountMinor of parts) {
            const earlier = new Map([[index + 1, { amountMinor: before, units: 0n }]]);
            const asks = [{ line: index + 1, amountMinor }];
            given += noteTotal(invoice, decideCredits(invoice, asks, earlier).credits);
            before += amountMinor;
          }
        }
        expect(given).toBe(minorOf(invoice.total, 'USD'));
      }),
    );
  });

  it('never gives back more tax than was charged after a discount, and all of it with the last', () => {
    // Each line's tax is 2.47 cents, the discount's −12.35, all taxes 12.35: 3 + 3 + 3 + 3 + 2 of five lines are 14.
    const invoice = invoiceOf(Array<bigint>(10).fill(13n), [vat()], { discount: 65n });
    const ask = (numbers: readonly number[]) =>
      numbers.map((number) => ({ line: number, amountMinor: 13n }));
    expect(invoice.total).toBe('0.77');
    expect(noteOf(invoice, ask([1, 2, 3, 4, 5]))).toMatchObject({
      taxes: [{ amount: '0.12' }],
      total: '0.77',
    });
    expect(noteOf(invoice, ask([6, 7, 8, 9, 10])).total).toBe('0.77');
  });

  it('of a discounted invoice comes to its total in the end, however it is credited', () => {
    const cents = fc.array(fc.bigInt({ min: 1n, max: 500n }), { minLength: 1, maxLength: 6 });
    const share = fc.bigInt({ min: 0n, max: 99n });
    const order = fc.infiniteStream(fc.nat({ max: 100 }));
    fc.assert(
      fc.property(cents, share, order, fc.nat({ max: 40 }), (amounts, percent, picks, rate) => {
        const [first = 0n] = amounts;
        const discount = (first * percent) / 100n;
        const invoice = invoiceOf(amounts, [vat({ percent: `${rate}` })], { discount });
        const earlier = new Map<number, { amountMinor: bigint; units: bigint }>();
        let left = minorOf(invoice.subtotal, 'USD');
        let given = 0n;
        for (const pick of picks) {
          if (left === 0n) break;
          const index = pick % amounts.length;
          const before = earlier.get(index + 1)?.amountMinor ?? 0n;
          const most = [left, (amounts[index] as bigint) - before, BigInt(pick) + 1n];
          const amountMinor = most.reduce((one, other) => (one < other ? one : other));
          if (amountMinor === 0n) continue;
          const asks = [{ line: index + 1, amountMinor }];
          given += noteTotal(invoice, decideCredits(invoice, asks, earlier).credits);
          expect(given).toBeLessThanOrEqual(minorOf(invoice.total, 'USD'));
          earlier.set(index + 1, { amountMinor: before + amountMinor, units: 0n });
          left -= amountMinor;
        }
        expect(given).toBe(minorOf(invoice.total, 'USD'));
      }),
    );
  });
});
