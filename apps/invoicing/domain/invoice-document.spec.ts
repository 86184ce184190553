import { FEMTO } from '#libs/money/money.js';
import { account } from '#libs/rating/test/terms.js';
import { DECEMBER, line, month, NOVEMBER, unpriced } from '../test/rated.js';
import { draftInvoice } from './invoice.js';
import { DRAFT, invoiceDocument, suspenseDocument } from './invoice-document.js';

const cut = { 'usage.recorded': { 0: 1201 }, accounts: { 0: 9 }, catalog: { 0: 2 } };
const cached = line({
  model: 'llama-3.3-70b-versatile',
  serviceTier: 'batch',
  quantity: 'cached_input',
  units: 512n,
  femtoPerUnit: 12_500_000n,
  catalogVersion: '2026-11-a',
  events: 12n,
  digestA: 2n ** 64n - 1n,
  digestB: 255n,
});

const documentOf = (lines: readonly (typeof cached)[], currency = 'USD') =>
  invoiceDocument(
    draftInvoice({
      account: account({ currency }),
      period: NOVEMBER,
      rated: month(lines),
      late: [],
      cut,
    }),
    DRAFT,
  );

describe('an invoice document', () => {
  it('has every field of the contract', () => {
    const { lines, ...rest } = invoiceDocument(
      draftInvoice({
        account: account(),
        period: NOVEMBER,
        rated: month([cached]),
        late: [],
        cut,
      }),
      {
        number: 'MB-2026-000017',
        state: 'issued',
        issuedAt: Date.UTC(2026, 11, 2),
        dueAt: Date.UTC(2027, 0, 1),
      },
    );
    expect(lines).toEqual([
      {
        line: 1,
        kind: 'usage',
        description: 'llama-3.3-70b-versatile cached_input, batch',
        model: 'llama-3.3-70b-versatile',
        service_tier: 'batch',
        adapter: null,
        pool: 'cached_input',
        from: '2026-11-01T00:00:00Z',
        to: '2026-12-01T00:00:00Z',
        quantity: 512,
        unit: 'token',
        price_per_million: '0.0125',
        amount_exact: '0.0000064',
        amount: '0.00',
        catalog_version: '2026-11-a',
        override_id: null,
        part: null,
        above_context: null,
        tier: null,
        events: 12,
        digest: 'ffffffffffffffff00000000000000ff',
        adjusts: null,
      },
    ]);
    expect(rest).toEqual({
      number: 'MB-2026-000017',
      state: 'issued',
      organization: 'org_acme',
      bill_to: { name: 'Acme', legal_name: null, email: null, address: null, tax_ids: [] },
      period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
      currency: 'USD',
      issued_at: '2026-12-02T00:00:00Z',
      due_at: '2027-01-01T00:00:00Z',
      subtotal_exact: '0.0000064',
      subtotal: '0.00',
      taxes: [],
      credits_applied: '0.00',
      total: '0.00',
      amount_due: '0.00',
      cut,
    });
  });

  it('prints integers above 2^53 and cents of any currency exactly', () => {
    const units = 2n ** 70n + 1n;
    const text = JSON.stringify(documentOf([line({ units, femtoPerUnit: 1n })], 'JPY'));
    expect(text).toContain('"quantity":1180591620717411303425,');
    expect(text).toContain('"subtotal_exact":"1180591.620717411303425"');
    expect(text).toContain('"subtotal":"1180592"');
  });

  it('says which month and invoice an adjustment corrects, with signs', () => {
    const taken = line({ units: -3n, amountFemto: -3n * FEMTO, events: -1n });
    const late = [{ period: NOVEMBER, number: 'MB-2026-000001', lines: [taken], unpriced: [] }];
    const rated = month([line({ ...DECEMBER, amountFemto: 5n * FEMTO })]);
    const invoice = draftInvoice({ account: account(), period: DECEMBER, rated, late, cut });
    expect(invoiceDocument(invoice, DRAFT).lines[1]).toMatchObject({
      kind: 'adjustment',
      description: 'Late usage: llama input, on_demand',
      model: 'llama',
      pool: 'input',
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      quantity: -3,
      events: -1,
      amount_exact: '-3',
      amount: '-3.00',
      adjusts: {
        period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
        number: 'MB-2026-000001',
      },
    });
  });

  it('names the tier of a fee, and leaves usage fields null', () => {
    const fee = {
      ...NOVEMBER,
      tier: 'developer',
      monthlyFemto: 20n * FEMTO,
      amountFemto: 8n * FEMTO,
      catalogVersion: 'one',
    };
    const invoice = draftInvoice({
      account: account(),
      period: NOVEMBER,
      rated: month([], { fees: [fee] }),
      late: [],
      cut,
    });
    expect(invoiceDocument(invoice, DRAFT).lines[0]).toMatchObject({
      kind: 'fee',
      description: 'Monthly fee, developer',
      tier: 'developer',
      model: null,
      pool: null,
      quantity: null,
      unit: null,
      price_per_million: null,
      events: null,
      digest: null,
      amount_exact: '8',
      amount: '8.00',
      catalog_version: 'one',
    });
  });

  it('lists suspense by the names of a line', () => {
    expect(suspenseDocument(unpriced())).toEqual({
      model: 'mystery',
      service_tier: 'batch',
      adapter: null,
      pool: 'input',
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      quantity: 7,
      unit: 'token',
      events: 2,
      reason: 'no_price',
    });
  });
});
