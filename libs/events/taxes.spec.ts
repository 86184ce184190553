import { insertTax, type TaxRate, taxesAt, type TaxSpan } from './taxes.js';

const vat = (percent: string): TaxRate => {
  return { name: 'VAT', percent, jurisdiction: 'DE', behavior: 'exclusive', exemption: null };
};
const spans = (...list: [from: number, percent: string][]): readonly TaxSpan[] =>
  list.reduce<readonly TaxSpan[]>(
    (taxes, [from, percent]) => insertTax(taxes, { from, rates: [vat(percent)] }),
    [],
  );

describe('tax rates', () => {
  it.each([
    // set in this order                    at   in force
    [spans(), 5, []],
    [spans([10, '19']), 9, []],
    [spans([10, '19']), 10, ['19']],
    [spans([10, '19'], [20, '20']), 19, ['19']],
    [spans([10, '19'], [20, '20']), 20, ['20']],
    // A decision about an earlier instant replaces what was planned after it.
    [spans([10, '19'], [20, '20'], [10, '7']), 25, ['7']],
  ])('%j at %i are %j', (taxes, at, expected) => {
    expect(taxesAt(taxes, at).map(({ percent }) => percent)).toEqual(expected);
  });

  it('are none for an account that was folded before there were any', () => {
    expect(taxesAt(undefined, 5)).toEqual([]);
  });
});
