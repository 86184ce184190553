// Accounts as the door shows them: what is in force now, what is planned, and never a secret.
import {
  type Account,
  type AccountKey,
  type Credit,
  nextTierAfter,
  type Override,
  type SpendLimit,
  spendLimitAt,
  tierAt,
  type TierSpan,
} from '#libs/events/account.js';
import { taxesAt, type TaxSpan } from '#libs/events/taxes.js';
import { formatInstant } from '#libs/time/instant.js';

/** An organization, snake_case; `tier` and `spend_limit` are those in force at the instant. */
export function toOrganization(account: Account, now: number) {
  const { profile } = account;
  const next = nextTierAfter(account, now);
  const limit = spendLimitAt(account, null, now);
  return {
    id: account.id,
    name: profile.name,
    currency: profile.currency,
    tier: tierAt(account, now).tier,
    profile: profile.profile,
    legal_name: profile.legalName,
    email: profile.email,
    address: profile.address,
    tax_ids: profile.taxIds,
    timezone_label: profile.timezoneLabel,
    registered_at: formatInstant(account.registeredAt),
    effective_from: formatInstant(account.effectiveFrom),
    next_tier: next ? toTier(next) : null,
    tiers: account.tiers.map(toTier),
    spend_limit: limit ? toSpendLimit(limit) : null,
    spend_limits: liveLimits(account, now).map(toSpendLimit),
    overrides: account.overrides.map(toOverride),
    credits: account.credits.map(toCredit),
    tax: { rates: taxesAt(account.taxes, now) },
    taxes: (account.taxes ?? []).map(toTax),
    keys: account.keys.map(toKey),
  };
}

/** One span of a tier. */
export function toTier({ tier, from }: TierSpan) {
  return { tier, effective_from: formatInstant(from) };
}

/** One spend limit; `amount` null: lifted from then on. */
export function toSpendLimit({ project, amount, mode, alerts, from }: SpendLimit) {
  return { project, amount, mode, alerts, effective_from: formatInstant(from) };
}

/** One override. */
export function toOverride(override: Override) {
  const { id, project, model, serviceTier, prices, limits, contract = {}, from, to } = override;
  return {
    id,
    project: project ?? null,
    model,
    service_tier: serviceTier,
    prices,
    limits,
    ...contract,
    effective_from: formatInstant(from),
    effective_to: instantOrNull(to),
  };
}

/** One credit as it was granted. */
export function toCredit({ id, amount, grantedAt, expiresAt, priority, note }: Credit) {
  return {
    id,
    amount,
    granted_at: formatInstant(grantedAt),
    expires_at: instantOrNull(expiresAt),
    priority,
    note,
  };
}

/** What is taxed from an instant on. */
export function toTax({ rates, from }: TaxSpan) {
  return { rates, effective_from: formatInstant(from) };
}

/** One key without its secret, which is nowhere. */
export function toKey({ id, name, scopes, createdAt, expiresAt, revokedAt }: AccountKey) {
  return {
    id,
    name,
    scopes,
    created_at: formatInstant(createdAt),
    expires_at: instantOrNull(expiresAt),
    revoked_at: instantOrNull(revokedAt),
  };
}

// Of the organization and of each project: the limit in force and those that are planned.
function liveLimits(account: Account, now: number): SpendLimit[] {
  const projects = [...new Set(account.spendLimits.map(({ project }) => project))];
  return projects.flatMap((project) => {
    const inForce = spendLimitAt(account, project, now);
    const planned = account.spendLimits.filter(
      (limit) => limit.project === project && limit.from > now,
    );
    return inForce ? [inForce, ...planned] : planned;
  });
}

function instantOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
