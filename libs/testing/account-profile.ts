import type { OrganizationProfile } from '../events/account-facts.js';

/** What Acme says of itself, on the free tier: nothing that may be left out. */
export const PROFILE: OrganizationProfile = {
  name: 'Acme',
  currency: 'USD',
  tier: 'free',
  profile: 'groq',
  legalName: null,
  email: null,
  address: null,
  taxIds: [],
  timezoneLabel: null,
};
