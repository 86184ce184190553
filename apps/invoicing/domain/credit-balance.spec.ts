import type { Credit } from '#libs/events/account.js';
import { DECEMBER, NOVEMBER } from '../test/rated.js';
import { creditBalance } from './credit-balance.js';

const NOW = DECEMBER.from + 86_400_000;
const credit = (id: string, amount: string, expiresAt: number | null = null): Credit => {
  return { id, amount, grantedAt: 0, expiresAt, priority: 50, note: null };
};
const use = (id: string, amountMinor: bigint) => {
  return { credit: id, invoice: 'MB-1', period: NOVEMBER, amountMinor };
};
const balance = (part: Partial<Parameters<typeof creditBalance>[0]>) =>
  creditBalance({ credits: [], uses: [], open: [], digits: 2, now: NOW, ...part });
const shown = ({ credits, ...sums }: ReturnType<typeof creditBalance>) => [
  Object.values(sums),
  credits.map((one) => [one.credit.id, one.state, one.usedMinor, one.leftMinor, one.pendingMinor]),
];

describe('the balance of prepaid credits', () => {
  it('is nothing without any', () => {
    expect(shown(balance({}))).toEqual([[0n, 0n, 0n, 0n, 0n, 0n], []]);
  });

  it('tells what invoices took and what open months will take, in the order of time', () => {
    const credits = [credit('a', '3.00'), credit('b', '2.00'), credit('c', '1.00')];
    const open = [
      { period: DECEMBER, dueMinor: 150n },
      { period: NOVEMBER, dueMinor: 100n },
    ];
    // granted, used, remaining, pending, available, expired
    expect(shown(balance({ credits, uses: [use('a', 100n), use('a', 80n)], open }))).toEqual([
      [600n, 180n, 420n, 250n, 170n, 0n],
      [
        ['a', 'active', 180n, 120n, 120n],
        ['b', 'active', 0n, 200n, 130n],
        ['c', 'active', 0n, 100n, 0n],
      ],
    ]);
  });

  it('has what is used up, and what expired before it was used', () => {
    const credits = [credit('a', '1.00'), credit('b', '2.00', NOVEMBER.to), credit('c', '4.00')];
    const open = [{ period: NOVEMBER, dueMinor: 50n }];
    expect(shown(balance({ credits, uses: [use('a', 100n)], open }))).toEqual([
      // November has no invoice yet: b still pays for it.
      [700n, 100n, 400n, 0n, 400n, 150n],
      [
        ['a', 'used', 100n, 0n, 0n],
        ['b', 'expired', 0n, 200n, 50n],
        ['c', 'active', 0n, 400n, 0n],
      ],
    ]);
  });
});
