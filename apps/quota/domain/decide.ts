// May this request run? Pure rules over an organization's standing: every bucket and the money, all or nothing. The vendors' law
// (libs/rating/bucket.ts) says what is used; a hard spend limit is compared with what was spent, is held and waits for its event.
import { type TermsInForce, termsAt } from '#libs/rating/price-book.js';
import { creditViolation } from './credit.js';
import type { Decision, ReservationRequest, Violation } from './decision.js';
import { hardLimitFemto, scopesOf, spendOf, type Standing, takenFemto, WHOLE } from './standing.js';
import { bucketViolations, excessViolation, NO_TAKE, takeOf, windowsOf } from './windows.js';
import { isFault, type RequestFault, type WorstCase, worstCase } from './worst-case.js';

export interface Asked {
  readonly request: ReservationRequest;
  readonly at: number;
  /** 26 characters that name the decision and the reservation. */
  readonly ulid: string;
}

export interface Decided {
  readonly decision: Decision;
  /** What an admitted request takes; the caller books it. */
  readonly worst: WorstCase;
}

/** Decides one request against a standing, which stays as it is. */
export function decide(standing: Standing, { request, at, ulid }: Asked): Decided | RequestFault {
  const { terms } = standing;
  const span = { from: at, to: at + request.ttlSeconds * 1_000 };
  const worst = worstCase(terms, request, span);
  if (isFault(worst)) return worst;
  const violated = violations(standing, request, worst, at);
  const isAdmitted = violated.length === 0;
  const take = takeOf(request.serviceTier, worst);
  return {
    worst,
    decision: {
      id: `dec_${ulid}`,
      at,
      organization: standing.organization,
      profile: terms.account.profile.profile,
      tier: (termsAt(terms, at) as TermsInForce).tier.name,
      request,
      outcome: isAdmitted ? 'admitted' : 'refused',
      violated,
      windows: windowsOf(standing, request, at, isAdmitted ? take : NO_TAKE),
      held: isAdmitted ? { requests: 1, tokens: worst.tokens, spendFemto: worst.femto } : null,
      reservation: isAdmitted ? `rsv_${ulid}` : null,
      leased: false,
    },
  };
}

/** Everything in the way of a worst case, the one that takes longest first; [] admits. */
export function violations(
  standing: Standing,
  request: Pick<ReservationRequest, 'model' | 'project' | 'serviceTier'>,
  worst: Omit<WorstCase, 'requests'> & { readonly requests: number },
  at: number,
): Violation[] {
  const { model, project, serviceTier } = request;
  const found: Violation[] = [];
  for (const scope of scopesOf(project)) {
    const take = takeOf(serviceTier, worst);
    found.push(...bucketViolations(standing, { scope, model, at }, take));
    const spend = spendViolation(standing, scope, worst.femto, at);
    if (spend) found.push(spend);
  }
  const excess = excessViolation(standing, request, worst.tokens, at);
  if (excess) found.push(excess);
  const credit = creditViolation(standing, worst.femto, at);
  if (credit) found.push(credit);
  return found.toSorted((left, right) => rank(right) - rank(left));
}

function spendViolation(
  standing: Standing,
  scope: string,
  femto: bigint,
  at: number,
): Violation | undefined {
  const limit = hardLimitFemto(standing.terms, scope, at);
  if (limit === undefined || femto === 0n) return undefined;
  const used = takenFemto(spendOf(standing, scope));
  if (used + femto <= limit) return undefined;
  return {
    kind: 'spend_limit',
    name: 'spend_limit',
    scope: scope === WHOLE ? 'organization' : 'project',
    limit,
    used,
    requested: femto,
    retryInNs: null,
  };
}

// What waiting does not cure comes first.
function rank({ retryInNs }: Violation): number {
  return retryInNs === null ? Number.POSITIVE_INFINITY : Number(retryInNs);
}
