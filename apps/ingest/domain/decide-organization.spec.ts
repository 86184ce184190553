import type { Account } from '#libs/events/account.js';
import { evolveAccount } from '#libs/events/account.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { decideOrganization, decideTier } from './decide-organization.js';
import { PROFILE as profile } from '#libs/testing/account-profile.js';

const NOW = Date.UTC(2026, 10, 24, 9, 30);
const HOUR = 3_600_000;
const tierTerms = (name: string) =>
  ({
    name,
    title: name,
    monthlyFee: '0',
    usage: 'metered',
    features: [],
    limits: {},
    prices: {},
  }) as const;
const newest: Catalog = {
  version: '2026-11-a',
  effectiveFrom: 0,
  currency: 'USD',
  models: {},
  tiers: [tierTerms('free'), tierTerms('developer')],
};
const ground = { now: NOW, newest };
const acme = registered();

function registered(): Account {
  const decision = decideOrganization(ground, undefined, { id: 'org_acme', profile });
  if (!('decided' in decision) || !decision.decided) throw new Error('refused');
  return evolveAccount(undefined, decision.decided) as Account;
}

describe('organization', () => {
  it('is registered from the start of the hour on', () => {
    expect(acme).toMatchObject({ id: 'org_acme', profile, effectiveFrom: NOW - HOUR / 2 });
  });

  it.each([
    // profile                                    faults
    [{ ...profile, tier: 'gold' }, ['/tier unknown_tier']],
    [{ ...profile, currency: 'EUR' }, ['/currency unknown_currency']],
    [{ ...profile, currency: 'ZZZ' }, ['/currency unknown_currency']],
    [
      { ...profile, tier: 'gold', currency: 'EUR' },
      ['/tier unknown_tier', '/currency unknown_currency'],
    ],
  ])('is not registered on what the catalog lacks (%#)', (asked, expected) => {
    expect(faults(decideOrganization(ground, undefined, { id: 'org_a', profile: asked }))).toEqual(
      expected,
    );
  });

  it('takes any tier and currency before there is a catalog', () => {
    const asked = { ...profile, tier: 'gold', currency: 'EUR' };
    const decision = decideOrganization({ now: NOW, newest: undefined }, undefined, {
      id: 'org_a',
      profile: asked,
    });
    expect(faults(decision)).toEqual([]);
  });

  it.each([
    // second PUT                                    fact or faults
    [profile, null],
    [{ ...profile, name: 'Acme Ltd' }, 'OrganizationChanged'],
    [{ ...profile, taxIds: ['DE1'] }, 'OrganizationChanged'],
    [{ ...profile, profile: 'openai' as const }, 'OrganizationChanged'],
    [{ ...profile, tier: 'developer' }, ['/tier tier_has_its_own_route']],
    [{ ...profile, currency: 'EUR' }, ['/currency currency_is_fixed']],
  ])('changes by a second PUT only what differs (%#)', (asked, expected) => {
    const decision = decideOrganization(ground, acme, { id: 'org_acme', profile: asked });
    const made = 'decided' in decision ? (decision.decided?.type ?? null) : faults(decision);
    expect(made).toEqual(expected);
  });

  it('may name its planned tier in a PUT', () => {
    const planned = { ...acme, tiers: [...acme.tiers, { tier: 'developer', from: NOW + HOUR }] };
    const asked = { id: 'org_acme', profile: { ...profile, tier: 'developer' } };
    expect(decideOrganization(ground, planned, asked)).toEqual({ decided: null });
  });
});

describe('tier change', () => {
  it('acts from the next hour that is ten minutes away', () => {
    const decision = decideTier(ground, acme, { tier: 'developer', effectiveFrom: undefined });
    expect(decision).toEqual({
      decided: expect.objectContaining({ tier: 'developer', effectiveFrom: NOW + HOUR / 2 }),
    });
  });

  it('names every fault at once', () => {
    const decision = decideTier(ground, acme, { tier: 'gold', effectiveFrom: NOW });
    expect(faults(decision)).toEqual(['/tier unknown_tier', '/effective_from not_a_whole_hour']);
  });
});

function faults(decision: object): string[] {
  const found = (decision as { faults?: { pointer: string; code: string }[] }).faults ?? [];
  return found.map(({ pointer, code }) => `${pointer} ${code}`);
}
