import { NOON, standingOf, termsOf } from '../test/standings.js';
import { creditLeftFemto, creditViolation, isPrepaid } from './credit.js';

const UNIT = 10n ** 15n;
const month = (index: number, units: bigint) => ({
  period: { from: Date.UTC(2026, index, 1), to: Date.UTC(2026, index + 1, 1) },
  femto: units * UNIT,
});

describe('prepaid credit', () => {
  it.each([
    ['prepaid', true],
    ['open', false],
    ['gone', false],
  ])('limits the tier %s: %p', (tier, expected) => {
    expect(isPrepaid(termsOf({ tier }), NOON)).toBe(expected);
  });

  it.each([
    // credits                                               months                 left
    [[], [], 0n],
    [[{ amount: '5' }], [], 5n],
    [[{ amount: '5' }], [month(8, 2n), month(9, 1n)], 2n],
    [[{ amount: '5' }], [month(9, 9n)], 0n],
    [[{ amount: '5', expiresAt: NOON }], [], 0n],
    [[{ amount: '5', grantedAt: NOON + 1 }], [], 0n],
    // What expires first pays first, so the other one is whole.
    [[{ amount: '5' }, { amount: '3', expiresAt: NOON - 1 }], [month(9, 3n)], 5n],
    [
      [
        { amount: '5', priority: 1 },
        { amount: '3', expiresAt: NOON + 1 },
      ],
      [month(9, 3n)],
      5n,
    ],
    // October was over when it was granted.
    [[{ amount: '5', grantedAt: Date.UTC(2026, 10, 2) }], [month(9, 3n)], 5n],
  ])('of %j after %j is left: %s', (credits, months, left) => {
    const at = { at: NOON, feesFemto: 0n };
    expect(creditLeftFemto(termsOf({ credits }), months, at)).toBe(left * UNIT);
  });

  it('is what invoices leave: months are rounded to cents, and the fee of the month is taken', () => {
    const terms = termsOf({ credits: [{ amount: '5' }] });
    const used = { ...month(9, 0n), femto: UNIT + UNIT / 200n + 1n };
    const left = (feesFemto: bigint) => creditLeftFemto(terms, [used], { at: NOON, feesFemto });
    expect(left(0n)).toBe((399n * UNIT) / 100n);
    expect(left(3n * UNIT)).toBe((99n * UNIT) / 100n);
    expect(left(4n * UNIT)).toBe(0n);
  });

  it.each([
    [10n, undefined],
    [11n, { kind: 'credit', limit: 10n, used: 0n, requested: 11n, retryInNs: null }],
    [0n, undefined],
  ])('of 10 against %s: %p', (femto, expected) => {
    const found = creditViolation(standingOf(termsOf({ tier: 'prepaid' }), 10n), femto, NOON);
    expect(found && { ...found, name: 'credit', scope: 'organization' }).toEqual(
      expected && { ...expected, name: 'credit', scope: 'organization' },
    );
    expect(creditViolation(standingOf(termsOf(), 10n), femto, NOON)).toBeUndefined();
  });
});
