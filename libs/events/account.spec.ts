import { type Account, evolveAccount, nextTierAfter, spendLimitAt, tierAt } from './account.js';
import { tierTimeline } from './tier-timeline.js';
import type { AccountFact } from './account-facts.js';
import { PROFILE as profile } from '../testing/account-profile.js';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 10, 24, 9);

const registered: AccountFact = {
  type: 'OrganizationRegistered',
  version: 1,
  recordedAt: T,
  organization: 'org_acme',
  profile,
  effectiveFrom: T,
};
const tier = (name: string, effectiveFrom: number): AccountFact => ({
  type: 'TierChanged',
  version: 1,
  recordedAt: T,
  organization: 'org_acme',
  tier: name,
  effectiveFrom,
});
const limit = (amount: string | null, effectiveFrom: number, project: string | null = null) =>
  ({
    type: 'SpendLimitSet',
    version: 1,
    recordedAt: T,
    organization: 'org_acme',
    project,
    amount,
    mode: 'hard',
    alerts: [50],
    effectiveFrom,
  }) satisfies AccountFact;
const keyCreated: AccountFact = {
  type: 'ApiKeyCreated',
  version: 1,
  recordedAt: T + 1,
  organization: 'org_acme',
  keyId: 'abcd1234',
  name: 'ci',
  hash: 'ff',
  scopes: ['usage:read'],
  expiresAt: null,
};
const keyRevoked = (recordedAt: number): AccountFact => ({
  type: 'ApiKeyRevoked',
  version: 1,
  recordedAt,
  organization: 'org_acme',
  keyId: 'abcd1234',
});

function given(...facts: readonly AccountFact[]): Account {
  const account = facts.reduce<Account | undefined>(evolveAccount, undefined);
  if (!account) throw new Error('no account');
  return account;
}

describe('account', () => {
  it('is undefined until it is registered', () => {
    expect(evolveAccount(undefined, tier('developer', T))).toBeUndefined();
  });

  it('keeps its first registration', () => {
    const again = { ...registered, profile: { ...profile, name: 'Other' } };
    expect(given(registered, again).profile.name).toBe('Acme');
  });

  it('changes its profile and leaves the tier to tier changes', () => {
    const changed: AccountFact = {
      type: 'OrganizationChanged',
      version: 1,
      recordedAt: T,
      organization: 'org_acme',
      profile: { ...profile, name: 'Acme Ltd', tier: 'enterprise' },
    };
    const account = given(registered, changed);
    expect(account.profile).toEqual({ ...profile, name: 'Acme Ltd' });
    expect(account.tiers).toEqual([{ tier: 'free', from: T }]);
  });

  it.each([
    // instant      tier          case
    [T - 9 * HOUR, 'free', 'the first tier covers all time before it'],
    [T + HOUR - 1, 'free', 'one millisecond before the change'],
    [T + HOUR, 'developer', 'at the change'],
    [T + HOUR + 1, 'developer', 'one millisecond after it'],
  ])('at %s is on %s: %s', (at, expected) => {
    expect(tierAt(given(registered, tier('developer', T + HOUR)), at).tier).toBe(expected);
  });

  it.each([
    // facts after the registration                                     tiers
    [[tier('developer', T + 2 * HOUR), tier('enterprise', T + HOUR)], 'free@0 enterprise@1'],
    [[tier('developer', T + HOUR), tier('enterprise', T + HOUR)], 'free@0 enterprise@1'],
    [[tier('developer', T + HOUR), tier('free', T + HOUR)], 'free@0'],
    [[tier('developer', T + HOUR), tier('free', T + 2 * HOUR)], 'free@0 developer@1 free@2'],
    [[tier('free', T + HOUR)], 'free@0'],
  ])('replaces what was planned after a later decision (%#)', (facts, expected) => {
    const { tiers } = given(registered, ...facts);
    expect(tiers.map((span) => `${span.tier}@${(span.from - T) / HOUR}`).join(' ')).toBe(expected);
  });

  it('names the planned tier until it is in force', () => {
    const account = given(registered, tier('developer', T + HOUR));
    expect(nextTierAfter(account, T + HOUR - 1)).toEqual({ tier: 'developer', from: T + HOUR });
    expect(nextTierAfter(account, T + HOUR)).toBeUndefined();
    expect(nextTierAfter(account, T - HOUR)).toEqual({ tier: 'developer', from: T + HOUR });
  });

  it('cuts its tiers to a period', () => {
    const account = given(registered, tier('developer', T + HOUR));
    expect(tierTimeline(account, { from: T - HOUR, to: T + 3 * HOUR })).toEqual([
      { tier: 'free', from: T - HOUR, to: T + HOUR },
      { tier: 'developer', from: T + HOUR, to: T + 3 * HOUR },
    ]);
    expect(tierTimeline(account, { from: T + HOUR, to: T + 2 * HOUR })).toEqual([
      { tier: 'developer', from: T + HOUR, to: T + 2 * HOUR },
    ]);
    expect(tierTimeline(account, { from: T - 5 * HOUR, to: T - 4 * HOUR })).toEqual([
      { tier: 'free', from: T - 5 * HOUR, to: T - 4 * HOUR },
    ]);
  });

  it.each([
    // decisions                                        at       amount
    [[limit('5', T)], T - 1, undefined],
    [[limit('5', T)], T, '5'],
    [[limit('5', T), limit('9', T + HOUR)], T + HOUR - 1, '5'],
    [[limit('5', T), limit('9', T + HOUR)], T + HOUR, '9'],
    [[limit('9', T + HOUR), limit('5', T)], T + HOUR, '5'],
    [[limit('5', T), limit(null, T + 1)], T + 1, undefined],
    [[limit('5', T), limit('1', T, 'chat')], T, '5'],
  ])('has the spend limit decided last (%#)', (facts, at, expected) => {
    expect(spendLimitAt(given(registered, ...facts), null, at)?.amount).toBe(expected);
  });

  it('keeps the first revocation of a key', () => {
    const account = given(registered, keyCreated, keyRevoked(T + 5), keyRevoked(T + 9));
    expect(account.keys).toEqual([
      expect.objectContaining({ id: 'abcd1234', createdAt: T + 1, revokedAt: T + 5 }),
    ]);
  });
});
