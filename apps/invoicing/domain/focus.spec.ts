import { formatExact, parseMoney } from '#libs/money/money.js';
import { NOVEMBER } from '../test/rated.js';
import { costsOf, type ProjectRow } from './costs.js';
import { FOCUS_COLUMNS } from './focus-columns.js';
import type { FocusLine } from './focus-pricing.js';
import { type FocusDocument, focusRows } from './focus.js';

const SPAN = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const OCTOBER = { from: '2026-10-01T00:00:00Z', to: SPAN.from };

function line(part: Partial<FocusLine> = {}): FocusLine {
  return {
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
    ...part,
  };
}
const none = {
  model: null,
  service_tier: null,
  pool: null,
  quantity: null,
  price_per_million: null,
};
const fee = line({
  ...none,
  line: 2,
  kind: 'fee',
  description: 'Monthly fee, team',
  tier: 'team',
  amount_exact: '20',
});
const credit = line({
  ...none,
  line: 3,
  kind: 'credit',
  description: 'Free',
  amount_exact: '-0.0075',
});

function document(lines: readonly FocusLine[], part: Partial<FocusDocument> = {}): FocusDocument {
  return {
    number: 'MB-1',
    organization: 'org_acme',
    bill_to: { name: 'Acme' },
    period: SPAN,
    currency: 'USD',
    lines,
    taxes: [],
    total: '0.01',
    credits_applied: '0.00',
    ...part,
  };
}

const row = (project: string | null, units: bigint): ProjectRow => ({
  hour: NOVEMBER.from,
  model: 'llama',
  serviceTier: 'on_demand',
  adapter: null,
  context: 0,
  project,
  quantity: 'input',
  units,
  events: 1n,
  digestA: 0n,
  digestB: 0n,
});

function rows(of: FocusDocument, listPrice: bigint | null = null, usage = [row(null, 1_500n)]) {
  const costs = costsOf({ period: NOVEMBER, lines: of.lines, rows: usage, isFree: () => true });
  return focusRows({ document: of, costs, listPriceOf: () => listPrice, issuer: 'Inference Ltd.' });
}

const told = (all: ReturnType<typeof rows>) =>
  all.map(({ ChargeCategory, ChargeDescription, BilledCost }) => [
    ChargeCategory,
    ChargeDescription,
    BilledCost,
  ]);
const billed = (all: ReturnType<typeof rows>) =>
  formatExact(all.reduce((sum, { BilledCost }) => sum + parseMoney(BilledCost), 0n));

describe('the FOCUS rows of an invoice', () => {
  it('have usage by day, with prices whose product is the cost', () => {
    const [usage, rounding] = rows(document([line()]));
    expect(usage).toMatchObject({
      BilledCost: '0.0075',
      EffectiveCost: '0.0075',
      ListCost: '0.0075',
      ContractedCost: '0.0075',
      ListUnitPrice: '5.0',
      ContractedUnitPrice: '5.0',
      PricingQuantity: '0.0015',
      PricingUnit: '1000000 Tokens',
      ConsumedQuantity: '1500.0',
      ConsumedUnit: 'Tokens',
      ChargeCategory: 'Usage',
      ChargeClass: '',
      ChargeFrequency: 'Usage-Based',
      ChargePeriodStart: '2026-11-01T00:00:00Z',
      ChargePeriodEnd: '2026-11-02T00:00:00Z',
      BillingPeriodEnd: '2026-12-01T00:00:00Z',
      SkuId: 'llama:input',
      SkuMeter: 'Input tokens',
      SkuPriceId: 'llama:input:on_demand@one',
      SkuPriceDetails: '{"x_ServiceTier":"on_demand","x_TokenClass":"input"}',
      SubAccountId: '',
      InvoiceId: 'MB-1',
      ProviderName: 'Inference Ltd.',
      InvoiceIssuerName: 'Inference Ltd.',
      ServiceSubcategory: 'Generative AI',
      x_InvoiceLine: '1',
    });
    expect(Object.keys(usage ?? {}).toSorted()).toEqual([...FOCUS_COLUMNS].toSorted());
    expect(rounding).toMatchObject({
      ChargeCategory: 'Adjustment',
      BilledCost: '0.0025',
      SkuId: '',
    });
  });

  it('are apart by project, which is a sub account', () => {
    const all = rows(document([line()]), null, [row('chat', 1_000n), row(null, 500n)]);
    expect(all.map((one) => [one.SubAccountId, one.SubAccountType, one.BilledCost])).toEqual([
      ['chat', 'Project', '0.005'],
      ['', '', '0.0025'],
      ['', '', '0.0025'],
    ]);
  });

  it.each<[string, FocusDocument, unknown]>([
    [
      'a fee, taxes, prepaid credits and the rounding',
      document([line(), fee], {
        taxes: [
          { name: 'VAT', percent: '19', amount: '3.80' },
          { name: 'GST', amount: '1.00', behavior: 'inclusive' },
        ],
        total: '23.81',
        credits_applied: '3.00',
      }),
      [
        ['Usage', 'llama input, on_demand', '0.0075'],
        ['Usage', 'Monthly fee, team', '20.0'],
        ['Tax', 'VAT 19%', '3.8'],
        ['Credit', 'Prepaid credits', '-3.0'],
        ['Adjustment', 'Rounding to the smallest unit of the currency', '0.0025'],
      ],
    ],
    [
      'what the free tier takes back',
      document([line(), credit], { total: '0.00' }),
      [
        ['Usage', 'llama input, on_demand', '0.0075'],
        ['Credit', 'Free', '-0.0075'],
      ],
    ],
    ['nothing for nothing', document([], { total: '0.00' }), []],
  ])('hold %s', (_, of, wanted) => {
    const all = rows(of);
    expect(told(all)).toEqual(wanted);
    expect(billed(all)).toBe(formatExact(parseMoney(of.total) - parseMoney(of.credits_applied)));
  });

  it('tell late usage as a correction of its own time', () => {
    const late = line({ kind: 'adjustment', ...OCTOBER, quantity: -2, amount_exact: '-0.00001' });
    expect(rows(document([late]))[0]).toMatchObject({
      ChargeClass: 'Correction',
      ChargePeriodStart: OCTOBER.from,
      ChargePeriodEnd: OCTOBER.to,
      PricingQuantity: '-0.000002',
      BilledCost: '-0.00001',
    });
  });

  it('show the published price beside one of a contract', () => {
    const own = line({ override_id: 'ovr', price_per_million: '4', amount_exact: '0.006' });
    expect(rows(document([own]), 5_000_000_000n)[0]).toMatchObject({
      ListUnitPrice: '5.0',
      ListCost: '0.0075',
      ContractedUnitPrice: '4.0',
      BilledCost: '0.006',
    });
    expect(rows(document([own]), null)[0]).toMatchObject({
      ListUnitPrice: '4.0',
      ListCost: '0.006',
    });
  });

  it('count a package as one charge at its price', () => {
    const pack = line({ price_per_million: null, part: 'packages of 1000', amount_exact: '2' });
    expect(rows(document([pack]))[0]).toMatchObject({
      PricingQuantity: '1.0',
      PricingUnit: 'Charges',
      ListUnitPrice: '2.0',
      ConsumedQuantity: '1500.0',
      SkuPriceId: 'llama:input:on_demand:packages of 1000@one',
    });
  });

  it('tell what usage fell short of a commitment as an adjustment without a price', () => {
    const short = line({ ...none, kind: 'commitment', description: 'Minimum', amount_exact: '7' });
    expect(rows(document([short], { total: '7.00' }))).toMatchObject([
      {
        ChargeCategory: 'Adjustment',
        BilledCost: '7.0',
        EffectiveCost: '7.0',
        PricingQuantity: '',
      },
    ]);
  });

  it('name a plan as what was bought', () => {
    expect(rows(document([fee], { total: '20.00' }))[0]).toMatchObject({
      ChargeFrequency: 'Recurring',
      SkuId: 'plan:team',
      SkuPriceId: 'plan:team@one',
      ConsumedQuantity: '1.0',
      ConsumedUnit: 'Plans',
      ChargePeriodStart: SPAN.from,
      ChargePeriodEnd: SPAN.to,
    });
  });
});
