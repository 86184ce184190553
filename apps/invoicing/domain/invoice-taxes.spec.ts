import fc from 'fast-check';
import type { Account, Credit } from '#libs/events/account.js';
import type { TaxRate } from '#libs/events/taxes.js';
import { FEMTO } from '#libs/money/money.js';
import { rateMonth, type UsageRow } from '#libs/rating/rate-month.js';
import { account, catalog } from '#libs/rating/test/terms.js';
import { DAY_MS } from '#libs/time/instant.js';
import { line, month, NOVEMBER } from '../test/rated.js';
import { draftInvoice, type Invoice } from './invoice.js';
import { DRAFT, invoiceDocument } from './invoice-document.js';

const vat = (part: Partial<TaxRate> = {}): TaxRate => {
  const plain = { name: 'VAT', percent: '19', jurisdiction: 'DE' };
  return { ...plain, behavior: 'exclusive', exemption: null, ...part };
};
const credit = (id: string, amount: string): Credit => {
  return { id, amount, grantedAt: 0, expiresAt: null, priority: 50, note: null };
};
const acme = (part: Partial<Account> & { currency?: string } = {}): Account => {
  const { currency = 'USD', ...rest } = part;
  return { ...account({ tier: 'developer', currency }), ...rest };
};
const taxed = (...rates: TaxRate[]) => ({ taxes: [{ from: 0, rates }] });

function draft(of: Account, femtos: readonly bigint[], burnt = new Map<string, bigint>()): Invoice {
  const lines = femtos.map((units) => line({ units, femtoPerUnit: 1n }));
  const rated = month(lines);
  return draftInvoice({ account: of, period: NOVEMBER, rated, late: [], cut: {}, burnt });
}

const sumOf = (parts: readonly { readonly amountMinor: bigint }[]): bigint =>
  parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

describe('an invoice with taxes', () => {
  it('has a line for a tax on top, and shares of it on the others', () => {
    const document = invoiceDocument(draft(acme(taxed(vat())), [10n * FEMTO, FEMTO / 2n]), DRAFT);
    expect(document).toMatchObject({
      subtotal: '10.50',
      taxes: [
        {
          name: 'VAT',
          jurisdiction: 'DE',
          percent: '19',
          behavior: 'exclusive',
          taxable: '10.50',
          amount: '2.00',
          exemption: null,
        },
      ],
      credits_applied: '0.00',
      total: '12.50',
      amount_due: '12.50',
    });
    const name = { name: 'VAT', jurisdiction: 'DE', percent: '19' };
    expect(document.lines.map(({ kind, amount, taxes }) => [kind, amount, taxes])).toEqual([
      ['usage', '10.00', [{ ...name, amount: '1.90' }]],
      ['usage', '0.50', [{ ...name, amount: '0.10' }]],
      ['tax', '2.00', undefined],
    ]);
    expect(document.lines[2]).toMatchObject({ description: 'VAT 19% (DE)', amount_exact: '2' });
  });

  it('has no line for a tax that prices contain, or that is not charged', () => {
    const contained = invoiceDocument(
      draft(acme(taxed(vat({ behavior: 'inclusive' }))), [1_190n * (FEMTO / 100n)]),
      DRAFT,
    );
    expect([contained.lines.length, contained.subtotal, contained.total]).toEqual([
      1,
      '11.90',
      '11.90',
    ]);
    expect(contained.taxes).toMatchObject([{ taxable: '10.00', amount: '1.90' }]);
    const exemption = { kind: 'reverse_charge', reason: 'Article 196' } as const;
    const reversed = invoiceDocument(draft(acme(taxed(vat({ exemption }))), [FEMTO]), DRAFT);
    expect([reversed.lines.length, reversed.total]).toEqual([1, '1.00']);
    expect(reversed.taxes).toMatchObject([{ percent: '19', amount: '0.00', exemption }]);
  });

  it('without any says what it always said', () => {
    const document = invoiceDocument(draft(acme(), [FEMTO]), DRAFT);
    expect([document.taxes, 'credits' in document]).toEqual([[], false]);
    expect('taxes' in (document.lines[0] as object)).toBe(false);
  });
});

describe('prepaid credits on an invoice', () => {
  it('lower what is due and what is taxed, never the total below its tax', () => {
    const of = acme({ ...taxed(vat()), credits: [credit('a', '4.00')] });
    const document = invoiceDocument(draft(of, [10n * FEMTO]), DRAFT);
    expect(document).toMatchObject({
      subtotal: '10.00',
      taxes: [{ taxable: '6.00', amount: '1.14' }],
      credits_applied: '4.00',
      credits: [{ credit: 'a', amount: '4.00', left: '0.00', note: null, expires_at: null }],
      total: '11.14',
      amount_due: '7.14',
    });
  });

  it('pay no more than the subtotal, and keep what is left', () => {
    const of = acme({ ...taxed(vat()), credits: [credit('a', '40.00')] });
    const document = invoiceDocument(draft(of, [10n * FEMTO], new Map([['a', 100n]])), DRAFT);
    expect(document).toMatchObject({
      taxes: [{ taxable: '0.00', amount: '0.00' }],
      credits_applied: '10.00',
      credits: [{ amount: '10.00', left: '29.00' }],
      total: '10.00',
      amount_due: '0.00',
    });
  });

  it.each([
    // currency  exact       subtotal   tax      credits  due
    ['JPY', 10_500n, '10', '1', '5', '6'],
    ['KWD', 10_500n, '10.500', '1.045', '5.000', '6.545'],
    ['BHD', 12_345n, '12.345', '1.396', '5.000', '8.741'],
    ['USD', 12_345n, '12.34', '1.39', '5.00', '8.73'],
  ])('in %s of %s thousandths are %s + %s − %s: %s', (currency, exact, ...expected) => {
    const of = acme({ currency, ...taxed(vat()), credits: [credit('a', '5')] });
    const document = invoiceDocument(draft(of, [exact * (FEMTO / 1_000n)]), DRAFT);
    const { subtotal, taxes, credits_applied: credits, amount_due: due } = document;
    expect([subtotal, taxes[0]?.amount, credits, due]).toEqual(expected);
  });
});

describe('any invoice', () => {
  const femtos = fc.array(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 21n }), { maxLength: 12 });
  const percents = fc.array(fc.nat({ max: 100 }), { maxLength: 3 });
  const amounts = fc.array(fc.nat({ max: 10 ** 6 }), { maxLength: 4 });
  const currency = fc.constantFrom('USD', 'JPY', 'KWD');
  const behavior = fc.constantFrom('exclusive' as const, 'inclusive' as const);

  it('has lines that sum to its total: lines + tax − credits is what is due, in minor units', () => {
    fc.assert(
      fc.property(femtos, percents, amounts, currency, behavior, (lines, rates, grants, ...how) => {
        const of = acme({
          currency: how[0],
          ...taxed(
            ...rates.map((percent, index) =>
              vat({ name: `T${index}`, percent: `${percent}`, behavior: how[1] }),
            ),
          ),
          credits: grants.map((amount, index) => credit(`c${index}`, `${amount}`)),
        });
        const invoice = draft(of, lines);
        const charged = invoice.lines.filter(({ kind }) => kind !== 'tax');
        const onTop = invoice.taxes.filter(({ rate }) => rate.behavior === 'exclusive');
        expect(sumOf(charged)).toBe(invoice.subtotalMinor);
        expect(sumOf(invoice.lines)).toBe(invoice.totalMinor);
        expect(invoice.subtotalMinor + sumOf(onTop)).toBe(invoice.totalMinor);
        expect(sumOf(invoice.credits)).toBe(invoice.creditsMinor);
        expect(invoice.totalMinor - invoice.creditsMinor).toBe(invoice.dueMinor);
        const most = invoice.subtotalMinor > 0n ? invoice.subtotalMinor : 0n;
        expect(invoice.creditsMinor >= 0n && invoice.creditsMinor <= most).toBe(true);
        for (const { leftMinor } of invoice.credits) expect(leftMinor >= 0n).toBe(true);
      }),
    );
  });

  it('is the same document however its usage is cut and ordered', () => {
    const units = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 12 });
    const catalogs = [
      catalog({ version: 'one', effectiveFrom: 0, input: 333_333n }),
      catalog({ version: 'two', effectiveFrom: NOVEMBER.from + 9 * DAY_MS, input: 777_777n }),
    ];
    const of = acme({ ...taxed(vat({ percent: '7.7' })), credits: [credit('a', '0.05')] });
    const text = (rows: readonly UsageRow[]): string => {
      const rated = rateMonth({ terms: { catalogs, account: of }, period: NOVEMBER, rows });
      const invoice = draftInvoice({ account: of, period: NOVEMBER, rated, late: [], cut: {} });
      return JSON.stringify(invoiceDocument(invoice, DRAFT));
    };
    fc.assert(
      fc.property(units, fc.nat({ max: 97 }), (list, cut) => {
        const rows = list.map((one, day) => usageRow(NOVEMBER.from + day * DAY_MS, one));
        const parts = rows.flatMap((row) => [
          { ...row, units: (row.units * BigInt(cut)) / 97n, events: 0n },
          { ...row, units: row.units - (row.units * BigInt(cut)) / 97n },
          { ...row, units: 0n, events: 0n },
        ]);
        expect(text(parts.toReversed())).toBe(text(rows));
      }),
    );
  });
});

function usageRow(hour: number, units: bigint): UsageRow {
  return {
    hour,
    model: 'llama',
    serviceTier: 'on_demand',
    adapter: null,
    context: 0,
    quantity: 'input',
    units,
    events: 1n,
    digestA: 0n,
    digestB: 0n,
  };
}
