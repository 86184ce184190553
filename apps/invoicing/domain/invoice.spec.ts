import fc from 'fast-check';
import { FEMTO, roundToMinor } from '#libs/money/money.js';
import type { RatedLine } from '#libs/rating/rate-month.js';
import { rateMonth, type UsageRow } from '#libs/rating/rate-month.js';
import { account, catalog } from '#libs/rating/test/terms.js';
import { HOUR_MS } from '#libs/time/instant.js';
import { DECEMBER, line, month, NOVEMBER, unpriced } from '../test/rated.js';
import { draftInvoice } from './invoice.js';
import { DRAFT, invoiceDocument } from './invoice-document.js';

const CENT = FEMTO / 100n;
const acme = account({ tier: 'developer' });
const cut = { 'usage.recorded': { 0: 12 } };

function draft(lines: readonly RatedLine[], part: Parameters<typeof month>[1] = {}) {
  return draftInvoice({
    account: acme,
    period: NOVEMBER,
    rated: month(lines, part),
    late: [],
    cut,
  });
}

/** A line that costs so many femto-units. */
const costing = (femto: bigint, quantity: RatedLine['quantity'] = 'input') =>
  line({ units: femto, femtoPerUnit: 1n, quantity });

describe('an invoice', () => {
  it.each<[bigint[], bigint, bigint[], string]>([
    // exact amounts, subtotal in cents, cents per line, case
    [[], 0n, [], 'nothing'],
    [[CENT], 1n, [1n], 'a whole cent'],
    [[CENT / 2n], 0n, [0n], 'half a cent is even zero'],
    [[CENT + CENT / 2n], 2n, [2n], 'one and a half is even two'],
    [[CENT / 3n, CENT / 3n, CENT / 3n + 1n], 1n, [0n, 0n, 1n], 'thirds: the largest remainder'],
    [[CENT / 2n, CENT / 2n], 1n, [1n, 0n], 'equal remainders: the first'],
    [[CENT / 2n + 1n, CENT / 2n + 1n, CENT], 2n, [1n, 0n, 1n], 'three lines, one cent over'],
    [[10n ** 34n, 1n], 10n ** 21n, [10n ** 21n, 0n], 'far above 2^63'],
  ])('rounds %s once to %s cents (%s)', (amounts, subtotal, cents) => {
    const invoice = draft(amounts.map((amount) => costing(amount)));
    expect(invoice.subtotalMinor).toBe(subtotal);
    expect(invoice.lines.map(({ amountMinor }) => amountMinor)).toEqual(cents);
    expect([invoice.totalMinor, invoice.dueMinor]).toEqual([subtotal, subtotal]);
  });

  it('lists what has no price, of closed months too, and charges nothing for it', () => {
    const late = [{ period: NOVEMBER, number: 'MB-1', lines: [], unpriced: [unpriced()] }];
    const rated = month([], { unpriced: [unpriced(DECEMBER)] });
    const invoice = draftInvoice({ account: acme, period: DECEMBER, rated, late, cut });
    expect(invoice.suspense).toEqual([unpriced(DECEMBER), unpriced()]);
    expect([invoice.lines, invoice.totalMinor]).toEqual([[], 0n]);
  });
});

const PRICED = ['input', 'output'] as const;
const anyRow = fc
  .record({
    hour: fc.nat({ max: 30 * 24 - 1 }),
    quantity: fc.constantFrom(...PRICED),
    units: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    events: fc.bigInt({ min: 0n, max: 1_000n }),
  })
  .map(({ hour, ...row }): UsageRow => ({
    ...row,
    hour: NOVEMBER.from + hour * HOUR_MS,
    model: 'llama',
    serviceTier: 'on_demand',
    adapter: null,
    context: 0,
    digestA: row.units % 97n,
    digestB: row.units % 89n,
  }));
const usage = fc.array(anyRow, { maxLength: 20 });
const noon = NOVEMBER.from + 15 * 24 * HOUR_MS;
const catalogs = [
  catalog({ version: 'one', effectiveFrom: 0, input: 333_333n }),
  catalog({ version: 'two', effectiveFrom: noon, input: 777_777n }),
];

function invoiceOf(tier: string, rows: readonly UsageRow[]) {
  const terms = { catalogs, account: account({ tier }) };
  const rated = rateMonth({ terms, period: NOVEMBER, rows });
  return draftInvoice({ account: terms.account, period: NOVEMBER, rated, late: [], cut });
}

describe('an invoice of any usage', () => {
  it('has lines that sum to its subtotal, exactly and in cents, none off by a cent', () => {
    fc.assert(
      fc.property(fc.constantFrom('free', 'developer', 'enterprise'), usage, (tier, rows) => {
        const invoice = invoiceOf(tier, rows);
        const exact = invoice.lines.reduce((sum, { amountFemto }) => sum + amountFemto, 0n);
        const cents = invoice.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
        expect(invoice.subtotalFemto).toBe(exact);
        expect(invoice.subtotalMinor).toBe(cents);
        expect(invoice.subtotalMinor).toBe(roundToMinor(exact));
        for (const { amountFemto, amountMinor } of invoice.lines) {
          const off = amountMinor * CENT - amountFemto;
          expect(off < CENT && off > -CENT).toBe(true);
        }
      }),
    );
  });

  it('is the same however usage is cut and ordered', () => {
    const text = (rows: readonly UsageRow[]) =>
      JSON.stringify(invoiceDocument(invoiceOf('developer', rows), DRAFT));
    fc.assert(
      fc.property(usage, (rows) => {
        const halves = rows.flatMap((row) => [
          { ...row, units: row.units / 2n, events: 0n, digestA: 0n },
          { ...row, units: row.units - row.units / 2n, digestB: 0n },
          { ...row, units: 0n, events: 0n, digestA: 0n, digestB: 0n },
        ]);
        expect(text(halves.toReversed())).toBe(text(rows));
      }),
    );
  });

  it('on the free tier costs nothing and shows what it would have cost', () => {
    fc.assert(
      fc.property(usage, (rows) => {
        const invoice = invoiceOf('free', rows);
        const list = invoiceOf('enterprise', rows);
        expect([invoice.subtotalFemto, invoice.totalMinor]).toEqual([0n, 0n]);
        const shown = invoice.lines.filter(({ kind }) => kind === 'usage');
        expect(shown.reduce((sum, { amountFemto }) => sum + amountFemto, 0n)).toBe(
          list.subtotalFemto,
        );
      }),
    );
  });
});
