// An organization's account as a fold of its facts; every service folds the same facts with this one function.
import type { AccountFact, LimitName, OrganizationProfile, Scope } from './account-facts.js';
import type { Quantity, ServiceTier } from './quantities.js';

export interface TierSpan {
  readonly tier: string;
  /** The first one also covers all time before it (design section 5). */
  readonly from: number;
}

export interface SpendLimit {
  readonly project: string | null;
  readonly amount: string | null;
  readonly mode: 'hard' | 'soft';
  readonly alerts: readonly number[];
  readonly from: number;
}

export interface Override {
  readonly id: string;
  readonly model: string;
  readonly serviceTier: ServiceTier | null;
  readonly prices: Partial<Record<Quantity, string>>;
  readonly limits: Partial<Record<LimitName, number | null>>;
  readonly from: number;
  readonly to: number | null;
}

export interface Credit {
  readonly id: string;
  readonly amount: string;
  readonly grantedAt: number;
  readonly expiresAt: number | null;
  readonly priority: number;
  readonly note: string | null;
}

export interface AccountKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export interface Account {
  readonly id: string;
  readonly profile: OrganizationProfile;
  readonly registeredAt: number;
  readonly effectiveFrom: number;
  /** In order of `from`. */
  readonly tiers: readonly TierSpan[];
  readonly spendLimits: readonly SpendLimit[];
  readonly overrides: readonly Override[];
  readonly credits: readonly Credit[];
  readonly keys: readonly AccountKey[];
}

/** Folds one fact. A fact about an organization that was never registered leaves it undefined; keys bound to none are not accounts. */
export function evolveAccount(
  account: Account | undefined,
  fact: AccountFact,
): Account | undefined {
  if (fact.type === 'OrganizationRegistered') return account ?? register(fact);
  if (!account) return undefined;
  switch (fact.type) {
    case 'OrganizationChanged':
      return { ...account, profile: { ...fact.profile, tier: account.profile.tier } };
    case 'TierChanged':
      return {
        ...account,
        tiers: insertTier(account.tiers, { tier: fact.tier, from: fact.effectiveFrom }),
      };
    case 'SpendLimitSet': {
      const limit = {
        project: fact.project,
        amount: fact.amount,
        mode: fact.mode,
        alerts: fact.alerts,
        from: fact.effectiveFrom,
      };
      return { ...account, spendLimits: [...account.spendLimits, limit] };
    }
    case 'OverrideGranted': {
      const {
        overrideId: id,
        model,
        serviceTier,
        prices,
        limits,
        effectiveFrom: from,
        effectiveTo: to,
      } = fact;
      return {
        ...account,
        overrides: [...account.overrides, { id, model, serviceTier, prices, limits, from, to }],
      };
    }
    case 'CreditGranted': {
      const { creditId: id, amount, expiresAt, priority, note, recordedAt: grantedAt } = fact;
      return {
        ...account,
        credits: [...account.credits, { id, amount, grantedAt, expiresAt, priority, note }],
      };
    }
    case 'ApiKeyCreated': {
      const { keyId: id, name, scopes, expiresAt, recordedAt: createdAt } = fact;
      return {
        ...account,
        keys: [...account.keys, { id, name, scopes, createdAt, expiresAt, revokedAt: null }],
      };
    }
    case 'ApiKeyRevoked':
      return {
        ...account,
        keys: account.keys.map((key) =>
          key.id === fact.keyId ? { ...key, revokedAt: key.revokedAt ?? fact.recordedAt } : key,
        ),
      };
  }
}

/** The tier in force at an instant: the last span that began at or before it, else the first. */
export function tierAt(account: Account, at: number): TierSpan {
  const started = account.tiers.findLast((span) => span.from <= at);
  const span = started ?? account.tiers[0];
  if (!span) throw new RangeError(`account ${account.id} has no tier`);
  return span;
}

function register(fact: Extract<AccountFact, { type: 'OrganizationRegistered' }>): Account {
  return {
    id: fact.organization,
    profile: fact.profile,
    registeredAt: fact.recordedAt,
    effectiveFrom: fact.effectiveFrom,
    tiers: [{ tier: fact.profile.tier, from: fact.effectiveFrom }],
    spendLimits: [],
    overrides: [],
    credits: [],
    keys: [],
  };
}

// A later decision about the same or an earlier instant replaces what was planned after it.
function insertTier(tiers: readonly TierSpan[], span: TierSpan): readonly TierSpan[] {
  return [...tiers.filter((planned) => planned.from < span.from), span];
}
