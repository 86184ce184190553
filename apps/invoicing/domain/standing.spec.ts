import type { InvoiceDocument } from './invoice-document.js';
import { amountDue, exactMinor, type Standing, withStanding } from './standing.js';

const ISSUED: Standing = { state: 'issued', paidMinor: 0n, creditedMinor: 0n, voidedAt: null };
const TEXT =
  '{"number":"MB-1", "state":"issued","currency":"USD","amount_due":"10.00","lines":[{"quantity":90071992547409931}]}';

describe('the standing of an invoice', () => {
  it('leaves an untouched document as it is, byte for byte', () => {
    expect(withStanding(TEXT, ISSUED)).toBe(TEXT);
  });

  it('keeps counts above 2^53 exact', () => {
    const text = withStanding(TEXT, { ...ISSUED, paidMinor: 1n });
    expect(text).toContain('"quantity":90071992547409931');
  });

  it.each<[Partial<Standing>, Partial<InvoiceDocument> & Record<string, unknown>]>([
    // standing, what is read
    [{ paidMinor: 400n }, { state: 'issued', amount_due: '6.00', paid: '4.00', credited: '0.00' }],
    [
      { paidMinor: 400n, creditedMinor: 100n },
      { amount_due: '5.00', credited: '1.00' },
    ],
    [
      { state: 'paid', paidMinor: 1000n },
      { state: 'paid', amount_due: '0.00', refund_due: '0.00' },
    ],
    [
      { state: 'paid', paidMinor: 1000n, creditedMinor: 300n },
      { amount_due: '0.00', refund_due: '3.00' },
    ],
    [
      { state: 'void', voidedAt: 0 },
      { amount_due: '0.00', voided_at: '1970-01-01T00:00:00Z' },
    ],
  ])('%o reads %j', (part, read) => {
    expect(JSON.parse(withStanding(TEXT, { ...ISSUED, ...part }))).toMatchObject(read);
  });

  it.each([
    // credited  due of 10.00  refund  to be granted again
    [400n, '6.00', '0.00', '0.00'],
    [1_200n, '0.00', '0.00', '2.00'],
  ])('of credits and %s credited leaves %s due', (creditedMinor, due, refund, credit) => {
    const text = TEXT.replace('"lines"', '"credits":[],"lines"');
    expect(JSON.parse(withStanding(text, { ...ISSUED, creditedMinor }))).toMatchObject({
      amount_due: due,
      refund_due: refund,
      credit_due: credit,
    });
  });

  it('never leaves less than nothing to pay', () => {
    expect(amountDue(100n, { ...ISSUED, paidMinor: 90n, creditedMinor: 20n })).toBe(0n);
  });

  it.each([
    // femto, digits, minor
    [10n ** 13n, 2, 1n],
    [5n * 10n ** 12n, 2, undefined],
    [10n ** 15n, 0, 1n],
    [10n ** 14n, 0, undefined],
    [10n ** 12n, 3, 1n],
  ])('%i femto in %i digits is %s', (femto, digits, minor) => {
    expect(exactMinor(femto, digits)).toBe(minor);
  });
});
