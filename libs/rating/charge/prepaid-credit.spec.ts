import fc from 'fast-check';
import type { Credit } from '../../events/account.js';
import { burnDown, burnOrder } from './prepaid-credit.js';

const UNIT = 10n ** 15n;
const NOW = Date.UTC(2026, 10, 24);
const credit = (id: string, part: Partial<Credit> = {}): Credit => ({
  id,
  amount: '100',
  grantedAt: 0,
  expiresAt: null,
  priority: 50,
  note: null,
  ...part,
});
const burned = (credits: readonly Credit[], units: bigint, at = NOW) => {
  const { applied, remainingFemto } = burnDown(credits, units * UNIT, at);
  return [
    ...applied.map(({ credit: { id }, femto }) => `${id} ${femto / UNIT}`),
    remainingFemto / UNIT,
  ];
};

describe('prepaid credits', () => {
  it.each([
    // amount  burned                 case
    [0n, [0n], 'nothing to pay'],
    [-5n, [-5n], 'a refund burns none'],
    [100n, ['a 100', 0n], 'exactly the first'],
    [101n, ['a 100', 'b 1', 0n], 'one above'],
    [200n, ['a 100', 'b 100', 0n], 'all of it'],
    [201n, ['a 100', 'b 100', 1n], 'one more than there is'],
  ])('pay %s by %p (%s)', (amount, expected) => {
    expect(burned([credit('b', { priority: 60 }), credit('a')], amount)).toEqual(expected);
  });

  it('burn by priority, then expiry to the second, then grant, then id; without expiry last', () => {
    const soon = NOW + 1_000;
    const credits = [
      credit('never', { priority: 1 }),
      credit('second', { priority: 2, expiresAt: soon }),
      credit('late', { priority: 1, expiresAt: soon + 1_000 }),
      credit('b', { priority: 1, expiresAt: soon, grantedAt: 2 }),
      credit('a', { priority: 1, expiresAt: soon + 999, grantedAt: 2 }),
      credit('first', { priority: 1, expiresAt: soon + 500, grantedAt: 1 }),
    ];
    expect(burnOrder(credits).map(({ id }) => id)).toEqual([
      'first',
      'a',
      'b',
      'late',
      'never',
      'second',
    ]);
  });

  it.each([
    [NOW - 1, ['a 5', 0n]],
    [NOW, [5n]],
    [NOW + 1, [5n]],
  ])('are gone at their expiry (%s)', (at, expected) => {
    expect(burned([credit('a', { expiresAt: NOW })], 5n, at)).toEqual(expected);
  });

  it('pay nothing before they are granted', () => {
    expect(burned([credit('a', { grantedAt: NOW + 1 })], 5n)).toEqual([5n]);
  });

  it('and what remains sum to the amount, none used beyond what it has', () => {
    const any = fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      amount: fc.integer({ min: 0, max: 50 }).map(String),
      priority: fc.integer({ min: 0, max: 3 }),
      expiresAt: fc.constantFrom(null, NOW - 1, NOW + 1, NOW + 5_000),
      grantedAt: fc.constantFrom(0, NOW + 1),
    });
    fc.assert(
      fc.property(fc.array(any), fc.integer({ min: 0, max: 200 }), (parts, units) => {
        const credits = parts.map((part) => credit(part.id, part));
        const amount = BigInt(units) * UNIT;
        const { applied, remainingFemto } = burnDown(credits, amount, NOW);
        expect(applied.reduce((sum, { femto }) => sum + femto, remainingFemto)).toBe(amount);
        for (const { credit: one, femto } of applied)
          expect(femto > 0n && femto <= BigInt(one.amount) * UNIT).toBe(true);
        const usable = credits.filter(
          ({ grantedAt, expiresAt }) => grantedAt <= NOW && (expiresAt === null || expiresAt > NOW),
        );
        const funds = usable.reduce((sum, one) => sum + BigInt(one.amount) * UNIT, 0n);
        expect(remainingFemto).toBe(amount > funds ? amount - funds : 0n);
      }),
    );
  });

  it('skip what is used up', () => {
    expect(burned([credit('a', { amount: '0' }), credit('b')], 5n)).toEqual(['b 5', 0n]);
  });
});
