import type { Credit } from '../events/account.js';
import { burnForMonth, burntBy, creditsLeftFemto } from './credit-burn.js';

const CENT = 10n ** 13n;

const NOVEMBER = { from: 1_000, to: 2_000 };
const credit = (id: string, amount: string, part: Partial<Credit> = {}): Credit => {
  const plain = { grantedAt: 0, expiresAt: null, priority: 50, note: null };
  return { id, amount, ...plain, ...part };
};
const burn = (
  credits: readonly Credit[],
  dueMinor: bigint,
  part: { digits?: number; burnt?: Record<string, bigint> } = {},
) =>
  burnForMonth({
    credits,
    period: NOVEMBER,
    dueMinor,
    digits: part.digits ?? 2,
    burnt: new Map(Object.entries(part.burnt ?? {})),
  }).map((one) => [one.credit.id, one.amountMinor, one.leftMinor]);

describe('prepaid credits of a month', () => {
  it.each([
    // credits                                                               due     taken
    [[], 500n, []],
    [[credit('a', '20.00')], 0n, []],
    [[credit('a', '20.00')], -1n, []],
    [[credit('a', '20.00')], 1n, [['a', 1n, 1999n]]],
    [[credit('a', '20.00')], 2_001n, [['a', 2_000n, 0n]]],
    // What expires first goes first, whatever was granted first.
    [
      [credit('bought', '50.00'), credit('promo', '20.00', { expiresAt: 1_500 })],
      3_000n,
      [
        ['promo', 2_000n, 0n],
        ['bought', 1_000n, 4_000n],
      ],
    ],
    // Priority comes before expiry.
    [
      [
        credit('a', '1.00', { priority: 2, expiresAt: 1_500 }),
        credit('b', '1.00', { priority: 1 }),
      ],
      100n,
      [['b', 100n, 0n]],
    ],
    // The month is half-open, and so is a credit's time.
    [[credit('a', '1.00', { expiresAt: 1_000 })], 100n, []],
    [[credit('a', '1.00', { expiresAt: 1_001 })], 100n, [['a', 100n, 0n]]],
    [[credit('a', '1.00', { grantedAt: 2_000 })], 100n, []],
    [[credit('a', '1.00', { grantedAt: 1_999 })], 100n, [['a', 100n, 0n]]],
  ])('of %j against %s: %j', (credits, due, expected) => {
    expect(burn(credits, due)).toEqual(expected);
  });

  it('have what earlier months left of them', () => {
    const credits = [credit('a', '1.00'), credit('b', '1.00')];
    expect(burn(credits, 150n, { burnt: { a: 80n } })).toEqual([
      ['a', 20n, 0n],
      ['b', 100n, 0n],
    ]);
    expect(burn(credits, 150n, { burnt: { a: 100n, b: 100n } })).toEqual([]);
  });

  it.each([
    [0, '5', 5n],
    [3, '1.005', 1_005n],
    [2, '1.009', 100n],
  ])('with %i minor digits %s is %s', (digits, amount, expected) => {
    expect(burn([credit('a', amount)], 10_000n, { digits })).toEqual([['a', expected, 0n]]);
  });
});

describe('months that are over', () => {
  const months = (...femtos: bigint[]) =>
    femtos.map((femto, index) => {
      const period = { from: (index + 1) * 1_000, to: (index + 2) * 1_000 };
      return { period, femto };
    });

  it('take of credits what their invoices would, in the order of time', () => {
    const credits = [credit('a', '1.00', { expiresAt: 2_500 }), credit('b', '1.00')];
    // 0.335 is 0.34 (even), 0.345 is 0.34 (even).
    const used = months(33n * CENT + CENT / 2n, 34n * CENT + CENT / 2n, 50n * CENT);
    const burnt = burntBy(credits, used.toReversed(), 2);
    expect([...burnt]).toEqual([
      ['a', 68n],
      ['b', 50n],
    ]);
    expect(creditsLeftFemto(credits, burnt, { digits: 2, at: 2_499 })).toBe(82n * CENT);
    expect(creditsLeftFemto(credits, burnt, { digits: 2, at: 2_500 })).toBe(50n * CENT);
  });

  it('take nothing of what was granted after them', () => {
    const credits = [credit('a', '1.00', { grantedAt: 2_000 })];
    expect([...burntBy(credits, months(CENT), 2)]).toEqual([]);
    expect(creditsLeftFemto(credits, new Map(), { digits: 2, at: 1_999 })).toBe(0n);
  });
});
