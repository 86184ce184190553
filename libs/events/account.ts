// An organization's account as a fold of its facts; every service folds the same facts with this one function.
import type { AccountFact, LimitName, OrganizationProfile, Scope } from './account-facts.js';
import type { Quantity, ServiceTier } from './quantities.js';
import { insertTax, taxSpanOf, type TaxSpan } from './taxes.js';
import type { WrittenContract, WrittenPrice } from './written-terms.js';

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
  /** null: only conditions for all usage. */
  readonly model: string | null;
  /** Limits of that project below the organization's own; absent: the organization's. */
  readonly project?: string;
  readonly serviceTier: ServiceTier | null;
  readonly prices: Partial<Record<Quantity, WrittenPrice>>;
  readonly limits: Partial<Record<LimitName, number | null>>;
  /** Own conditions for all usage; absent: none. */
  readonly contract?: WrittenContract;
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
  /** In order of `from`; absent: nothing was ever said of taxes. */
  readonly taxes?: readonly TaxSpan[];
  readonly keys: readonly AccountKey[];
}

type ChangeOf<Type extends AccountFact['type']> = Extract<AccountFact, { type: Type }>;

/** Folds one fact. A fact about an organization that was never registered leaves it undefined; keys bound to none are not accounts. */
export function evolveAccount(
  account: Account | undefined,
  fact: AccountFact,
): Account | undefined {
  if (fact.type === 'OrganizationRegistered') return account ?? register(fact);
  return account && { ...account, ...changeOf(account, fact) };
}

function changeOf(
  account: Account,
  fact: Exclude<AccountFact, { type: 'OrganizationRegistered' }>,
): Partial<Account> {
  switch (fact.type) {
    case 'OrganizationChanged':
      return { profile: { ...fact.profile, tier: account.profile.tier } };
    case 'TierChanged':
      return { tiers: insertTier(account.tiers, { tier: fact.tier, from: fact.effectiveFrom }) };
    case 'SpendLimitSet':
      return { spendLimits: [...account.spendLimits, spendLimitOf(fact)] };
    case 'OverrideGranted':
      return { overrides: [...account.overrides, overrideOf(fact)] };
    case 'CreditGranted':
      return { credits: [...account.credits, creditOf(fact)] };
    case 'TaxSet':
      return { taxes: insertTax(account.taxes ?? [], taxSpanOf(fact)) };
    case 'ApiKeyCreated':
      return { keys: [...account.keys, keyOf(fact)] };
    case 'ApiKeyRevoked':
      return { keys: account.keys.map((key) => (key.id === fact.keyId ? revoke(key, fact) : key)) };
    default:
      throw new TypeError(`no fact: ${JSON.stringify(fact satisfies never)}`);
  }
}

/** The limit that a fact sets. */
export function spendLimitOf({
  project,
  amount,
  mode,
  alerts,
  ...fact
}: ChangeOf<'SpendLimitSet'>): SpendLimit {
  return { project, amount, mode, alerts, from: fact.effectiveFrom };
}

/** The override that a fact grants. */
export function overrideOf(fact: ChangeOf<'OverrideGranted'>): Override {
  const { overrideId: id, model, serviceTier, prices, limits, contract } = fact;
  const scope = fact.project === undefined ? {} : { project: fact.project };
  const granted = { id, ...scope, model, serviceTier, prices, limits };
  const span = { from: fact.effectiveFrom, to: fact.effectiveTo };
  return contract === undefined ? { ...granted, ...span } : { ...granted, contract, ...span };
}

/** The credit that a fact grants. */
export function creditOf(fact: ChangeOf<'CreditGranted'>): Credit {
  const { creditId: id, amount, expiresAt, priority, note } = fact;
  return { id, amount, grantedAt: fact.recordedAt, expiresAt, priority, note };
}

/** The key that a fact creates, without its hash. */
export function keyOf({
  keyId: id,
  name,
  scopes,
  expiresAt,
  ...fact
}: ChangeOf<'ApiKeyCreated'>): AccountKey {
  return { id, name, scopes, createdAt: fact.recordedAt, expiresAt, revokedAt: null };
}

function revoke(key: AccountKey, fact: ChangeOf<'ApiKeyRevoked'>): AccountKey {
  return { ...key, revokedAt: key.revokedAt ?? fact.recordedAt };
}

/** The tier in force at an instant: the last span that began at or before it, else the first. */
export function tierAt(account: Account, at: number): TierSpan {
  const started = account.tiers.findLast((span) => span.from <= at);
  const span = started ?? account.tiers[0];
  if (!span) throw new RangeError(`account ${account.id} has no tier`);
  return span;
}

/** The spend limit in force, of a project or (null) of the organization; the last decision counts, a lifted limit is none. */
export function spendLimitAt(
  account: Account,
  project: string | null,
  at: number,
): SpendLimit | undefined {
  const last = account.spendLimits.findLast(
    (limit) => limit.project === project && limit.from <= at,
  );
  return last?.amount === null ? undefined : last;
}

/** The tier planned next, undefined when the one in force stays. */
export function nextTierAfter(account: Account, at: number): TierSpan | undefined {
  const inForce = tierAt(account, at);
  return account.tiers.find((span) => span.from > at && span !== inForce);
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

// A later decision about the same or an earlier instant replaces what was planned after it; the same tier goes on as it is.
function insertTier(tiers: readonly TierSpan[], span: TierSpan): readonly TierSpan[] {
  const kept = tiers.filter((planned) => planned.from < span.from);
  return kept.at(-1)?.tier === span.tier ? kept : [...kept, span];
}
