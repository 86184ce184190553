import type { TaxRate } from '#libs/events/taxes.js';
import { account } from '#libs/rating/test/terms.js';
import { decideTax } from './decide-tax.js';

const NOW = 1_000;
const vat = (part: Partial<TaxRate> = {}): TaxRate => {
  const rate = { name: 'VAT', percent: '19', jurisdiction: 'DE' };
  return { ...rate, behavior: 'exclusive', exemption: null, ...part };
};
const taxed = { ...account(), taxes: [{ from: 10, rates: [vat()] }] };

describe('tax rates of an organization', () => {
  it.each([
    [undefined, NOW],
    [5, 5],
    [2_000, 2_000],
  ])('asked for from %p act from %p', (effectiveFrom, expected) => {
    const asked = { rates: [vat({ percent: '7' })], effectiveFrom };
    expect(decideTax(NOW, taxed, asked)).toEqual({
      decided: {
        type: 'TaxSet',
        version: 1,
        recordedAt: NOW,
        organization: 'org_acme',
        rates: [vat({ percent: '7' })],
        effectiveFrom: expected,
      },
    });
  });

  it('that are in force are no fact again; none are, where none were', () => {
    expect(decideTax(NOW, taxed, { rates: [vat()], effectiveFrom: undefined })).toEqual({
      decided: null,
    });
    expect(decideTax(NOW, account(), { rates: [], effectiveFrom: 5 })).toEqual({ decided: null });
    const planned = { ...taxed, taxes: [...taxed.taxes, { from: 2_000, rates: [] }] };
    expect(decideTax(NOW, planned, { rates: [vat()], effectiveFrom: undefined })).toMatchObject({
      decided: { type: 'TaxSet' },
    });
  });

  it.each<readonly [TaxRate[], string]>([
    ...['', '-1', '100.1', '1e1', '19%', '0.0000001', ' 19'].map((percent): [TaxRate[], string] => [
      [vat({ percent })],
      '/rates/0/percent invalid_percent',
    ]),
    [[vat(), vat({ percent: '7' })], '/rates/1 repeated_rate'],
    [[vat(), vat({ name: 'City tax', behavior: 'inclusive' })], '/rates/1/behavior mixed_behavior'],
  ])('%j are refused: %s', (rates, expected) => {
    const decision = decideTax(NOW, taxed, { rates, effectiveFrom: undefined });
    const faults = 'faults' in decision ? decision.faults : [];
    expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([expected]);
  });
});
