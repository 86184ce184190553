import { printable, SELLER } from '../test/printable.js';
import { printDocument } from './printed-document.js';

describe('a printed document', () => {
  it('says who bills whom, for what time, and how much is due by when', () => {
    expect(printDocument(printable(), SELLER, 'en')).toMatchObject({
      title: 'Invoice',
      number: 'MB-2026-000017',
      issuedAt: Date.parse('2026-12-02T08:00:00Z'),
      stamp: null,
      facts: [
        ['Number', 'MB-2026-000017'],
        ['Issued', '2 December 2026'],
        ['Due', '1 January 2027'],
        ['Period', '1 November 2026 – 30 November 2026'],
        ['Currency', 'USD'],
      ],
      seller: {
        label: 'From',
        name: 'Inference Ltd.',
        lines: ['1 Meter Lane', 'Dublin 2', 'billing@inference.example', 'Tax id: IE1234567X'],
      },
      billTo: {
        label: 'Bill to',
        name: 'Acme GmbH',
        lines: ['Street 12', '10115 Berlin', 'Tax id: DE123456789'],
      },
      totals: [
        ['Subtotal', '1,234.59 USD'],
        ['Total', '1,234.59 USD'],
      ],
      due: ['Amount due', '1,234.59 USD'],
    });
  });

  it('says the same in Arabic, ids kept whole', () => {
    const printed = printDocument(printable(), SELLER, 'ar');
    expect(printed.title).toBe('فاتورة');
    expect(printed.facts[3]).toEqual(['الفترة', 'من 1 نوفمبر 2026 إلى 30 نوفمبر 2026']);
    expect(printed.billTo.lines.at(-1)).toBe('الرقم الضريبي: \u200eDE123456789\u200e');
    expect(printed.due).toEqual(['المبلغ المستحق', '1,234.59 USD']);
  });

  it.each([
    ['draft', 'Draft'],
    ['parked', 'Not released'],
    ['void', 'Void'],
    ['paid', 'Paid'],
    ['issued', null],
  ])('that is %s is stamped %s', (state, stamp) => {
    expect(printDocument(printable({ state }), SELLER, 'en').stamp).toBe(stamp);
  });

  it('of a draft has neither number nor dates', () => {
    const draft = printable({ number: null, state: 'draft', issued_at: null, due_at: null });
    const { facts, number, issuedAt } = printDocument(draft, SELLER, 'en');
    expect(facts.map(([label]) => label)).toEqual(['Period', 'Currency']);
    // The bytes of a PDF hold an instant: a draft's is the start of its month, so that they do not change by themselves.
    expect([number, issuedAt]).toEqual([null, Date.UTC(2026, 10, 1)]);
  });

  it('lists taxes with their rates and notes, and credits where there are any', () => {
    const taxes = [
      { name: 'VAT', percent: '19', amount: '234.57' },
      { name: 'GST', percent: '5', amount: '1.00', behavior: 'inclusive' },
      { name: 'VAT', percent: '0', amount: '0.00', note: 'Reverse charge' },
    ];
    const paid = { amount_paid: '7.00', amount_credited: '0.00' };
    const document = printable({ taxes, credits_applied: '50.00', ...paid });
    const { totals, notes } = printDocument(document, SELLER, 'en');
    expect(totals.slice(1)).toEqual([
      ['VAT 19%', '234.57 USD'],
      ['GST 5% (included)', '1.00 USD'],
      ['VAT 0%', '0.00 USD'],
      ['Total', '1,234.59 USD'],
      ['Credits applied', '-50.00 USD'],
      ['Paid', '-7.00 USD'],
    ]);
    expect(notes[0]).toBe('Reverse charge');
  });

  it('says why a tax is not charged, and has no row for a tax', () => {
    const why = (kind: string) => ({ kind, reason: 'Article 196' });
    const taxes = [
      { name: 'VAT', percent: '19', amount: '0.00', exemption: why('reverse_charge') },
      { name: 'City tax', percent: '2', amount: '0.00', exemption: why('exempt') },
    ];
    const rowsBefore = printDocument(printable(), SELLER, 'en').rows.length;
    const lines = [...printable().lines, { kind: 'tax', amount: '1.00' }];
    const { notes, rows } = printDocument(printable({ taxes, lines }), SELLER, 'en');
    expect(notes.slice(0, 2)).toEqual([
      'Reverse charge, the recipient owes the tax: Article 196',
      'Exempt from tax: Article 196',
    ]);
    expect(rows).toHaveLength(rowsBefore);
    const arabic = printDocument(printable({ taxes }), SELLER, 'ar').notes;
    expect(arabic[0]).toBe('احتساب عكسي، الضريبة مستحقة على العميل: Article 196');
  });

  it('that is a credit note names the invoice and the reason, and is not due', () => {
    const { amount_due: _due, due_at: _at, credits_applied: _credits, ...rest } = printable();
    const note = { ...rest, invoice: 'MB-2026-000003', reason: 'Wrong price\nas agreed' };
    const printed = printDocument(note, SELLER, 'en');
    expect(printed.title).toBe('Credit note');
    expect(printed.facts[1]).toEqual(['Corrects invoice', 'MB-2026-000003']);
    expect(printed.notes.slice(0, 2)).toEqual(['Reason: Wrong price', 'as agreed']);
    expect([printed.totals, printed.due]).toEqual([
      [['Subtotal', '1,234.59 USD']],
      ['Total', '1,234.59 USD'],
    ]);
  });

  it('says that nothing was used', () => {
    const { rows, notes } = printDocument(printable({ lines: [] }), SELLER, 'en');
    expect([rows, notes[0]]).toEqual([[], 'Nothing was used in this period.']);
  });

  it('names usage that has no price yet, once', () => {
    const one = { model: 'mystery', pool: 'input' };
    const { notes } = printDocument(printable({ suspense: [one, one] }), SELLER, 'en');
    expect(notes[0]).toBe(
      'Not included, because no price is published for it yet: mystery (Input tokens)',
    );
  });

  it('takes the short name where there is no legal one, and no marks that turn text', () => {
    const { billTo } = printDocument(
      printable({ bill_to: { name: '\u202eAcme', legal_name: null, address: null } }),
      { name: 'Meterbook' },
      'en',
    );
    expect(billTo).toEqual({ label: 'Bill to', name: 'Acme', lines: [] });
  });
});
