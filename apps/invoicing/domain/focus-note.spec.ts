import { formatExact, parseMoney } from '#libs/money/money.js';
import type { FocusLine } from './focus-pricing.js';
import { focusNoteRows } from './focus-note.js';
import type { FocusDocument } from './focus.js';

const SPAN = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const LINE: FocusLine = {
  line: 1,
  kind: 'usage',
  description: 'llama input, on_demand',
  model: 'llama',
  service_tier: 'on_demand',
  adapter: null,
  pool: 'input',
  ...SPAN,
  quantity: 1_500,
  price_per_million: '5',
  amount_exact: '0.0075',
  catalog_version: 'one',
  override_id: null,
  tier: null,
};
const COMMITMENT: FocusLine = {
  ...LINE,
  line: 2,
  kind: 'commitment',
  model: null,
  pool: null,
  quantity: null,
  price_per_million: null,
};
const INVOICE: FocusDocument = {
  number: 'MB-2026-000007',
  organization: 'org_acme',
  seller: { name: 'Then' },
  bill_to: { name: 'Acme' },
  period: SPAN,
  currency: 'USD',
  lines: [LINE, COMMITMENT],
  taxes: [],
  total: '100.01',
  credits_applied: '0.00',
};
const NOTE = {
  number: 'CN-MB-2027-000001',
  invoice: 'MB-2026-000007',
  issued_at: '2027-01-31T23:59:59.999Z',
  lines: [
    { line: 1, amount: '0.01' },
    { line: 2, amount: '50.00' },
  ],
  taxes: [
    { name: 'VAT', percent: '19', behavior: 'exclusive', amount: '9.50' },
    { name: 'GST', percent: '5', behavior: 'inclusive', amount: '2.00' },
  ],
  total: '59.51',
};

describe('the FOCUS rows of a credit note', () => {
  const rows = focusNoteRows(NOTE, INVOICE, 'Now');

  it('are its lines and the taxes on top of them, and sum to it below zero', () => {
    expect(rows.map((row) => [row.ChargeCategory, row.BilledCost, row.x_InvoiceLine])).toEqual([
      ['Usage', '-0.01', '1'],
      ['Adjustment', '-50.0', '2'],
      ['Tax', '-9.5', ''],
    ]);
    const sum = rows.reduce((total, row) => total + parseMoney(row.BilledCost), 0n);
    expect(formatExact(sum)).toBe('-59.51');
  });

  it('correct the invoice in the month of the note, for the time of the line', () => {
    for (const row of rows)
      expect(row).toMatchObject({
        ChargeClass: 'Correction',
        InvoiceId: 'CN-MB-2027-000001',
        x_CorrectsInvoice: 'MB-2026-000007',
        BillingPeriodStart: '2027-01-01T00:00:00Z',
        BillingPeriodEnd: '2027-02-01T00:00:00Z',
        ChargePeriodStart: SPAN.from,
        ChargePeriodEnd: SPAN.to,
        ConsumedQuantity: '',
        InvoiceIssuerName: 'Now',
      });
  });

  it('name who issued the note, where it says so', () => {
    const [row] = focusNoteRows({ ...NOTE, seller: { name: 'Later' } }, INVOICE, 'Now');
    expect([row?.ProviderName, row?.InvoiceIssuerName]).toEqual(['Later', 'Later']);
  });

  it('are none of a line that the invoice lacks', () => {
    const lines = [{ line: 3, amount: '1.00' }];
    expect(() => focusNoteRows({ ...NOTE, lines }, INVOICE, 'Now')).toThrow('has no line 3');
  });
});
