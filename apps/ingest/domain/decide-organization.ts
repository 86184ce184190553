// Registering an organization, changing its profile and its tier. A second PUT with the same body changes nothing.
import type { Account } from '#libs/events/account.js';
import { tierAt } from '#libs/events/account.js';
import type { AccountFact, OrganizationProfile } from '#libs/events/account-facts.js';
import { isCurrency } from '#libs/money/currency.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { hourOf } from '#libs/time/instant.js';
import { priceInstant, priceInstantFault } from './effective-time.js';
import { decided, type Decided, type Fault } from './fault.js';

/** What every decision about an organization may look at. */
export interface Ground {
  readonly now: number;
  /** The catalog version with the latest effective time; undefined before the first was published: anything goes then. */
  readonly newest: Catalog | undefined;
}

/**
 * The fact of a PUT, null when it says what is known already. A first registration acts from the start of this hour (and
 * covers all time before it); later, tier and currency must be what they are: the tier has a route of its own.
 */
export function decideOrganization(
  ground: Ground,
  account: Account | undefined,
  asked: { readonly id: string; readonly profile: OrganizationProfile },
): Decided<AccountFact | null> {
  const { id: organization, profile } = asked;
  if (account) return decideChange(ground, account, profile);
  return decided<AccountFact>(
    {
      type: 'OrganizationRegistered',
      version: 1,
      recordedAt: ground.now,
      organization,
      profile,
      effectiveFrom: hourOf(ground.now),
    },
    [tierFault(ground.newest, profile.tier), currencyFault(ground.newest, profile.currency)],
  );
}

/** A tier from the asked hour on, or from the next hour that is at least ten minutes away. */
export function decideTier(
  ground: Ground,
  account: Account,
  asked: { readonly tier: string; readonly effectiveFrom: number | undefined },
): Decided<AccountFact & { type: 'TierChanged' }> {
  return decided(
    {
      type: 'TierChanged',
      version: 1,
      recordedAt: ground.now,
      organization: account.id,
      tier: asked.tier,
      effectiveFrom: priceInstant(asked.effectiveFrom, ground.now),
    },
    [tierFault(ground.newest, asked.tier), priceInstantFault(asked.effectiveFrom, ground.now)],
  );
}

function decideChange(
  ground: Ground,
  account: Account,
  profile: OrganizationProfile,
): Decided<AccountFact | null> {
  const known = account.profile;
  const inForce = tierAt(account, ground.now).tier;
  const tiers = [inForce, account.tiers.at(-1)?.tier];
  const changes = JSON.stringify(ordered(profile)) !== JSON.stringify(ordered(known));
  const fact: AccountFact = {
    type: 'OrganizationChanged',
    version: 1,
    recordedAt: ground.now,
    organization: account.id,
    profile,
  };
  return decided(changes ? fact : null, [
    tiers.includes(profile.tier)
      ? undefined
      : {
          pointer: '/tier',
          code: 'tier_has_its_own_route',
          detail: `${account.id} is on ${inForce}; change it with POST /v1/organizations/${account.id}/tier`,
        },
    profile.currency === known.currency
      ? undefined
      : {
          pointer: '/currency',
          code: 'currency_is_fixed',
          detail: `the currency of ${account.id} is ${known.currency} and stays it`,
        },
  ]);
}

// The tier is not compared: it is fixed at registration in the profile and lives in the account's tiers.
function ordered(profile: OrganizationProfile): readonly unknown[] {
  const { name, legalName, email, address, taxIds, timezoneLabel } = profile;
  return [name, profile.profile, legalName, email, address, taxIds, timezoneLabel];
}

function tierFault(newest: Catalog | undefined, tier: string): Fault | undefined {
  if (!newest || newest.tiers.some(({ name }) => name === tier)) return undefined;
  const known = newest.tiers.map(({ name }) => name).join(', ');
  return {
    pointer: '/tier',
    code: 'unknown_tier',
    detail: `catalog ${newest.version} has the tiers ${known}, not "${tier}"`,
  };
}

function currencyFault(newest: Catalog | undefined, currency: string): Fault | undefined {
  if (!isCurrency(currency)) {
    const detail = `"${currency}" is not a currency of ISO 4217`;
    return { pointer: '/currency', code: 'unknown_currency', detail };
  }
  if (!newest || newest.currency === currency) return undefined;
  return {
    pointer: '/currency',
    code: 'unknown_currency',
    detail: `catalog ${newest.version} is in ${newest.currency}, not ${currency}`,
  };
}
