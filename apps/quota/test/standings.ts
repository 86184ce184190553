// Terms and standings for the rules' specs, without a server.
import type { Account, Credit, Override, SpendLimit } from '#libs/events/account.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { ReservationRequest } from '../domain/decision.js';
import { newReservation, type Reservation } from '../domain/reservation.js';
import { NOTHING, rebook, type Standing } from '../domain/standing.js';
import { isFault, worstCase } from '../domain/worst-case.js';
import { CATALOG } from './reservation-stand.js';
import { NOON } from './stand.js';

export { NOON };

export interface Part {
  readonly tier?: string;
  readonly spendLimits?: readonly Partial<SpendLimit>[];
  readonly overrides?: readonly Partial<Override>[];
  readonly credits?: readonly Partial<Credit>[];
  readonly catalogs?: readonly string[];
}

/** Terms of org_acme on the developer tier of the specs' catalog. */
export function termsOf({ tier = 'developer', catalogs = [CATALOG], ...part }: Part = {}): Terms {
  const account: Account = {
    id: 'org_acme',
    profile: {
      name: 'Acme',
      currency: 'USD',
      tier,
      profile: 'groq',
      taxIds: [],
      legalName: null,
      email: null,
      address: null,
      timezoneLabel: null,
    },
    registeredAt: 0,
    effectiveFrom: 0,
    tiers: [{ tier, from: 0 }],
    spendLimits: (part.spendLimits ?? []).map((limit) => ({
      project: null,
      amount: null,
      mode: 'hard',
      alerts: [],
      from: 0,
      ...limit,
    })),
    overrides: (part.overrides ?? []).map((override, index) => ({
      id: `ovr_${index}`,
      model: 'llama',
      serviceTier: null,
      prices: {},
      limits: {},
      from: 0,
      to: null,
      ...override,
    })),
    credits: (part.credits ?? []).map((credit, index) => ({
      id: `crd_${index}`,
      amount: '1',
      grantedAt: 0,
      expiresAt: null,
      priority: 50,
      note: null,
      ...credit,
    })),
    keys: [],
  };
  const parsed = catalogs.map((text) => {
    const found = parseCatalogText(text, 'application/yaml');
    if ('problems' in found) throw new Error(JSON.stringify(found.problems));
    return found.catalog;
  });
  return { account, catalogs: parsed };
}

/** A standing without any use. */
export function standingOf(terms = termsOf(), creditFemto?: bigint): Standing {
  const credit = creditFemto === undefined ? {} : { creditFemto };
  return { organization: 'org_acme', terms, ...credit, spend: new Map(), models: new Map() };
}

/** 100 input and 100 output tokens of llama for ten minutes. */
export function requestOf(part: Partial<ReservationRequest> = {}): ReservationRequest {
  return {
    requestId: 'request-1',
    organization: 'org_acme',
    model: 'llama',
    project: null,
    apiKey: null,
    serviceTier: 'on_demand',
    adapter: null,
    inputTokens: 100n,
    maxOutputTokens: 100n,
    measures: {},
    ttlSeconds: 600,
    ...part,
  };
}

/** A reservation of the request, booked in the standing at noon. */
export function reserved(standing: Standing, part: Partial<ReservationRequest> = {}): Reservation {
  const request = requestOf(part);
  const span = { from: NOON, to: NOON + request.ttlSeconds * 1_000 };
  const worst = worstCase(standing.terms, request, span);
  if (isFault(worst)) throw new Error(worst.detail);
  const reservation = newReservation('rsv_1', request, worst, { now: NOON, bookedAt: NOON });
  const { model, project } = request;
  rebook(standing, { model, project, at: NOON }, NOTHING, reservation.booked);
  return reservation;
}
