import type { Account } from '#libs/events/account.js';
import { evolveAccount } from '#libs/events/account.js';
import { decideCredit, decideSpendLimit, expiryFault } from './decide-money.js';
import { PROFILE } from '#libs/testing/account-profile.js';

const NOW = Date.UTC(2026, 10, 24, 9, 30);
const acme: Account = {
  id: 'org_acme',
  profile: PROFILE,
  registeredAt: NOW,
  effectiveFrom: NOW,
  tiers: [{ tier: 'free', from: NOW }],
  spendLimits: [],
  overrides: [],
  credits: [],
  keys: [],
};
const hundred = {
  project: null,
  amount: '100.00',
  mode: 'hard',
  alerts: [50, 80],
  effectiveFrom: undefined,
} as const;
const limited = after(decideSpendLimit(NOW, acme, hundred));

function after(decision: ReturnType<typeof decideSpendLimit>): Account {
  if (!('decided' in decision) || !decision.decided) throw new Error('refused');
  return evolveAccount(acme, decision.decided) as Account;
}

describe('spend limit', () => {
  it('acts at once, its alerts in order and once each', () => {
    const decision = decideSpendLimit(NOW, acme, { ...hundred, alerts: [80, 50, 80] });
    expect(decision).toEqual({
      decided: expect.objectContaining({ alerts: [50, 80], effectiveFrom: NOW, amount: '100.00' }),
    });
  });

  it.each([
    // asked                                          says something new
    [hundred, false],
    [{ ...hundred, alerts: [80, 50] }, false],
    [{ ...hundred, amount: '100.01' }, true],
    [{ ...hundred, amount: null }, true],
    [{ ...hundred, mode: 'soft' as const }, true],
    [{ ...hundred, project: 'chat' }, true],
    [{ ...hundred, alerts: [] }, true],
    [{ ...hundred, effectiveFrom: NOW + 5 }, true],
    [{ ...hundred, effectiveFrom: NOW }, false],
  ])('is set again only when something differs (%#)', (asked, isNew) => {
    const decision = decideSpendLimit(NOW + 1, limited, asked);
    expect('decided' in decision && decision.decided !== null).toBe(isNew);
  });

  it.each([
    [{ ...hundred, amount: '-1' }, '/amount'],
    [{ ...hundred, amount: 'much' }, '/amount'],
    [{ ...hundred, effectiveFrom: NOW - 3_600_000 }, '/effective_from'],
  ])('names the faulty field (%#)', (asked, pointer) => {
    expect(decideSpendLimit(NOW, acme, asked)).toEqual({
      faults: [expect.objectContaining({ pointer })],
    });
  });
});

describe('credit', () => {
  const ten = { creditId: 'crd_1', amount: '10.00', expiresAt: null, priority: 50, note: null };

  it('is granted as asked', () => {
    const { creditId, amount } = ten;
    expect(decideCredit(NOW, acme, ten)).toEqual({
      decided: expect.objectContaining({ creditId, amount, organization: 'org_acme' }),
    });
  });

  it.each([
    [{ ...ten, amount: '0.00' }, '/amount'],
    [{ ...ten, amount: '1.005' }, '/amount'],
    [{ ...ten, expiresAt: NOW }, '/expires_at'],
  ])('names the faulty field (%#)', (asked, pointer) => {
    expect(decideCredit(NOW, acme, asked)).toEqual({
      faults: [expect.objectContaining({ pointer })],
    });
  });

  it.each([
    ['JPY', '1', true],
    ['JPY', '1.5', false],
    ['KWD', '1.005', true],
    ['KWD', '1.0005', false],
  ])('in %s of %s is in whole minor units: %p', (currency, amount, isTaken) => {
    const decision = decideCredit(
      NOW,
      { ...acme, profile: { ...acme.profile, currency } },
      { ...ten, amount },
    );
    expect('decided' in decision).toBe(isTaken);
  });

  it.each([
    [null, true],
    [NOW + 1, true],
    [NOW, false],
    [NOW - 1, false],
  ])('may end at %s: %s', (expiresAt, isTaken) => {
    expect(expiryFault(expiresAt, NOW) === undefined).toBe(isTaken);
  });
});
