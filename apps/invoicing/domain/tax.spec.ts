import fc from 'fast-check';
import type { TaxRate } from '#libs/events/taxes.js';
import { DECEMBER, NOVEMBER } from '../test/rated.js';
import { taxesOn } from './tax.js';

const rate = (percent: string, part: Partial<TaxRate> = {}): TaxRate => {
  const plain = { name: 'VAT', percent, jurisdiction: 'DE' };
  return { ...plain, behavior: 'exclusive', exemption: null, ...part };
};
const inclusive = (percent: string, name = 'VAT') => rate(percent, { name, behavior: 'inclusive' });
const since = (...rates: TaxRate[]) => [{ from: 0, rates }];
const lines = (...amounts: bigint[]) =>
  amounts.map((amountMinor) => ({ bills: NOVEMBER, amountMinor }));
const shown = (...args: Parameters<typeof taxesOn>) =>
  taxesOn(...args).map(({ rate: { percent }, taxableMinor, amountMinor, shares }) => [
    percent,
    taxableMinor,
    amountMinor,
    shares,
  ]);

describe('taxes of an invoice', () => {
  it('are none for an organization without any', () => {
    expect(taxesOn(lines(100n), undefined)).toEqual([]);
    expect(taxesOn(lines(100n), [{ from: 0, rates: [] }])).toEqual([]);
    expect(taxesOn([], since(rate('19')))).toEqual([]);
  });

  it.each<[string, bigint[], TaxRate[], unknown[]]>([
    ['on top', [1_000n], [rate('19')], [['19', 1_000n, 190n, [190n]]]],
    ['half a cent is even', [50n], [rate('1')], [['1', 50n, 0n, [0n]]]],
    ['one and a half cents are even', [150n], [rate('1')], [['1', 150n, 2n, [2n]]]],
    // 3 × 0.33 would round to 0.00 three times: rounded once it is 0.01.
    ['rounded once', [33n, 33n, 33n], [rate('1')], [['1', 99n, 1n, [1n, 0n, 0n]]]],
    ['less what comes off', [1_000n, -400n], [rate('19')], [['19', 600n, 114n, [190n, -76n]]]],
    ['contained', [1_190n], [inclusive('19')], [['19', 1_000n, 190n, [190n]]]],
    ['contained, with a remainder', [100n], [inclusive('19')], [['19', 84n, 16n, [16n]]]],
    [
      'two on the same amount',
      [10_000n],
      [rate('5', { name: 'GST' }), rate('9.975', { name: 'QST' })],
      [
        ['5', 10_000n, 500n, [500n]],
        ['9.975', 10_000n, 998n, [998n]],
      ],
    ],
    [
      'two contained in the same price',
      [11_500n],
      [inclusive('5', 'GST'), inclusive('10', 'PST')],
      [
        ['5', 10_000n, 500n, [500n]],
        ['10', 10_000n, 1_000n, [1_000n]],
      ],
    ],
    [
      'not charged',
      [1_000n],
      [rate('19', { exemption: { kind: 'reverse_charge', reason: 'Article 196' } })],
      [['19', 1_000n, 0n, [0n]]],
    ],
    [
      'contained and not charged',
      [1_000n],
      [{ ...inclusive('19'), exemption: { kind: 'exempt', reason: 'NGO' } }],
      [['19', 1_000n, 0n, [0n]]],
    ],
  ])('are %s', (_, amounts, rates, expected) => {
    expect(shown(lines(...amounts), since(...rates))).toEqual(expected);
  });

  it('are not taken of what prepaid credits pay', () => {
    expect(shown(lines(600n, 400n), since(rate('19')), 500n)).toEqual([
      ['19', 500n, 95n, [57n, 38n]],
    ]);
    expect(shown(lines(600n, 400n), since(rate('19')), 1_000n)).toEqual([['19', 0n, 0n, [0n, 0n]]]);
    expect(shown(lines(1_190n), since(inclusive('19')), 595n)).toEqual([['19', 500n, 95n, [95n]]]);
  });

  it('are those of the end of the month that a line bills', () => {
    const spans = [
      { from: NOVEMBER.from, rates: [rate('16')] },
      { from: NOVEMBER.to, rates: [rate('19')] },
    ];
    const both = [
      { bills: DECEMBER, amountMinor: 1_000n },
      { bills: NOVEMBER, amountMinor: 100n },
    ];
    expect(shown(both, spans)).toEqual([
      ['19', 1_000n, 190n, [190n, null]],
      ['16', 100n, 16n, [null, 16n]],
    ]);
    // What comes off both months comes off at the rate of each.
    const parts = [
      { bills: DECEMBER, femto: 9n },
      { bills: NOVEMBER, femto: 1n },
    ];
    const credit = { bills: DECEMBER, amountMinor: -500n, parts };
    expect(shown([...both, credit], spans)).toEqual([
      ['19', 550n, 104n, [190n, null, -86n]],
      ['16', 50n, 8n, [null, 16n, -8n]],
    ]);
    const late = { ...credit, parts: parts.slice(1) };
    expect(shown([...both, late], spans)[1]).toEqual(['16', -400n, -64n, [null, 16n, -80n]]);
    // The same rate in both months is one tax, rounded once.
    expect(shown(both, since(rate('19')))).toEqual([['19', 1_100n, 209n, [190n, 19n]]]);
  });
});

describe('taxes of any invoice', () => {
  const amounts = fc.array(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }), { minLength: 1 });
  const percent = fc.nat({ max: 100_000_000 }).map((millionths) => {
    const [whole, part] = [Math.floor(millionths / 1e6), millionths % 1e6];
    return `${whole}.${String(part).padStart(6, '0')}`;
  });
  const behavior = fc.constantFrom('exclusive' as const, 'inclusive' as const);

  it('are the sums of their shares, within half a minor unit of exact', () => {
    fc.assert(
      fc.property(amounts, percent, behavior, fc.nat({ max: 100 }), (list, text, how, part) => {
        const sum = list.reduce((all, one) => all + one, 0n);
        const credits = sum > 0n ? (sum * BigInt(part)) / 100n : 0n;
        const [tax] = taxesOn(lines(...list), since(rate(text, { behavior: how })), credits);
        const given = (tax?.shares ?? []).reduce<bigint>((all, one) => all + (one ?? 0n), 0n);
        expect(given).toBe(tax?.amountMinor);
        const millionths = BigInt(text.replace('.', ''));
        const over = how === 'inclusive' ? 100_000_000n + millionths : 100_000_000n;
        const twice = 2n * ((sum - credits) * millionths - (tax?.amountMinor ?? 0n) * over);
        expect(twice <= over && twice >= -over).toBe(true);
        const inside = how === 'inclusive' ? (tax?.amountMinor ?? 0n) : 0n;
        expect((tax?.taxableMinor ?? 0n) + inside).toBe(sum - credits);
      }),
    );
  });
});
