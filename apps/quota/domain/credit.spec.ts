import { NOON, standingOf, termsOf } from '../test/standings.js';
import { creditLeftFemto, creditViolation, isPrepaid } from './credit.js';

const UNIT = 10n ** 15n;
const month = (index: number, units: bigint) => ({
  from: Date.UTC(2026, index, 1),
  to: Date.UTC(2026, index + 1, 1),
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
    expect(creditLeftFemto(termsOf({ credits }), months, NOON)).toBe(left * UNIT);
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
