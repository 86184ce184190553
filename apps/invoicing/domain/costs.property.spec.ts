import fc from 'fast-check';
import { parseMoney } from '#libs/money/money.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import { termsAt } from '#libs/rating/price-book.js';
import { rateMonth } from '#libs/rating/rate-month.js';
import { account } from '#libs/rating/test/terms.js';
import { HOUR_MS } from '#libs/time/instant.js';
import { NOVEMBER } from '../test/rated.js';
import { type CostLine, costsOf, type ProjectRow } from './costs.js';
import { parseExact } from './count.js';
import { type FocusDocument, focusRows } from './focus.js';
import { draftInvoice } from './invoice.js';
import { DRAFT, invoiceDocument } from './invoice-document.js';

const HOURS = (NOVEMBER.to - NOVEMBER.from) / HOUR_MS;

/** Every way of charging at once; a free tier, a plain one, and one with a discount, a commitment and a cap. */
const parsed = parseCatalogText(
  `version: one
effective_from: 2026-01-01T00:00:00Z
currency: USD
models:
  llama:
    prices:
      on_demand:
        input: "0.59"
        output: { graduated: [{ up_to: 1000, price: "9", flat: "1" }, { price: "3.000000001" }] }
        cached_input: { volume: [{ up_to: 500, price: "2" }, { price: "1" }], free_units: 100 }
        reasoning: { package: { size: 700, price: "0.333" } }
        searches: { flat: "5" }
tiers:
  free: { monthly_fee: "0", usage: free }
  developer: { monthly_fee: "19.99", usage: metered }
  enterprise: { usage: contract, discount_percent: "7.5", minimum_commitment: "25", maximum_charge: "60" }
`,
  'application/yaml',
);
if (!('catalog' in parsed)) throw new Error(JSON.stringify(parsed.problems));
const catalogs = [parsed.catalog];

const usage: fc.Arbitrary<ProjectRow> = fc.record({
  hour: fc.integer({ min: 0, max: HOURS - 1 }).map((hour) => NOVEMBER.from + hour * HOUR_MS),
  model: fc.constant('llama'),
  serviceTier: fc.constant('on_demand' as const),
  adapter: fc.constant(null),
  context: fc.constant(0),
  project: fc.constantFrom(null, 'chat', 'search'),
  quantity: fc.constantFrom('input', 'output', 'cached_input', 'reasoning', 'searches'),
  units: fc.bigInt({ min: 0n, max: 10n ** 7n }),
  events: fc.constant(1n),
  digestA: fc.constant(0n),
  digestB: fc.constant(0n),
});

const tiers = fc
  .uniqueArray(
    fc.record({
      from: fc.integer({ min: -10, max: HOURS }).map((hour) => NOVEMBER.from + hour * HOUR_MS),
      tier: fc.constantFrom('free', 'developer', 'enterprise'),
    }),
    { minLength: 1, maxLength: 4, selector: ({ from }) => from },
  )
  .map((spans) => spans.toSorted((left, right) => left.from - right.from));

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);

describe('the costs of a month, for any way of charging', () => {
  it('sum to each line and to the subtotal, and in FOCUS to the total', () => {
    fc.assert(
      fc.property(fc.array(usage, { maxLength: 30 }), tiers, (rows, spans) => {
        const own = account({ tiers: spans });
        const terms = { account: own, catalogs };
        const rated = rateMonth({ terms, period: NOVEMBER, rows });
        const input = { account: own, period: NOVEMBER, rated, late: [], cut: {} };
        const text = JSON.stringify(invoiceDocument(draftInvoice(input), DRAFT));
        const document = parseExact(text) as FocusDocument & { readonly subtotal_exact: string };
        const isFree = (at: number): boolean => termsAt(terms, at)?.tier.usage === 'free';
        const costs = costsOf({ period: NOVEMBER, lines: document.lines, rows, isFree });
        const byLine = Map.groupBy<CostLine, (typeof costs)[number]>(costs, ({ line }) => line);
        for (const line of document.lines) {
          const parts = (byLine.get(line) ?? []).map(({ femto }) => femto);
          expect(sum(parts)).toBe(parseMoney(line.amount_exact));
        }
        expect(sum(costs.map(({ femto }) => femto))).toBe(parseMoney(document.subtotal_exact));
        const found = focusRows({ document, costs, listPriceOf: () => null, issuer: 'x' });
        const billed = sum(found.map(({ BilledCost }) => parseMoney(BilledCost)));
        expect(billed).toBe(parseMoney(document.total));
        const priced = found.filter(({ PricingQuantity }) => PricingQuantity !== '');
        const product = priced.map((row) => [
          (parseMoney(row.ContractedUnitPrice) * parseMoney(row.PricingQuantity)) / 10n ** 15n,
          parseMoney(row.ContractedCost),
        ]);
        expect(product.filter(([left, right]) => left !== right)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
