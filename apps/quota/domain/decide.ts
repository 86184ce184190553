// May this request run? Pure rules over an organization's standing: every bucket and the money, all or nothing. The vendors' law
// (libs/rating/bucket.ts) says what is used; a hard spend limit is compared with what was spent, is held and waits for its event.
import type { LimitName } from '#libs/events/account-facts.js';
import type { ServiceTier } from '#libs/events/quantities.js';
import { debtAt, fits, LIMIT_LAWS, viewBucket } from '#libs/rating/bucket.js';
import { type TermsInForce, termsAt } from '#libs/rating/price-book.js';
import { countsInBuckets, stepsOf } from './bucket-uses.js';
import { creditViolation } from './credit.js';
import type { Decision, ReservationRequest, Violation, WindowView } from './decision.js';
import {
  type BucketTake,
  hardLimitFemto,
  milliunitsOf,
  modelOf,
  scopesOf,
  spendOf,
  type Standing,
  stepsIn,
  takenFemto,
  WHOLE,
} from './standing.js';
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
  const excess = modelOf(standing, WHOLE, model).excessUntil;
  if (excess > at && countsInBuckets(serviceTier))
    found.push(excessViolation(worst.tokens, excess - at));
  const credit = creditViolation(standing, worst.femto, at);
  if (credit) found.push(credit);
  return found.toSorted((left, right) => rank(right) - rank(left));
}

/** The buckets of the organization and the project for a model at an instant, after a take. */
export function windowsOf(
  standing: Standing,
  { model, project }: Pick<ReservationRequest, 'model' | 'project'>,
  at: number,
  take: BucketTake,
): WindowView[] {
  return scopesOf(project).flatMap((scope) =>
    debtsOf(standing, { scope, model, at }).map(({ name, limit, debt }) => {
      const law = LIMIT_LAWS[name];
      const cost = (milliunitsOf(take, law) * BigInt(law.windowSeconds) * 1_000_000_000n) / 1_000n;
      const view = viewBucket(debt + cost, limit, law);
      return {
        name,
        scope: scope === WHOLE ? 'organization' : 'project',
        limit: BigInt(limit),
        windowSeconds: law.windowSeconds,
        ...view,
      };
    }),
  );
}

/** What a worst case takes from buckets: nothing on a service tier that does not count. */
export function takeOf(
  serviceTier: ServiceTier,
  { requests, tokens, audioMs }: { requests: number; tokens: bigint; audioMs: bigint },
): BucketTake {
  if (!countsInBuckets(serviceTier)) return NO_TAKE;
  return { requests: BigInt(requests), tokens, audioMs };
}

const NO_TAKE: BucketTake = { requests: 0n, tokens: 0n, audioMs: 0n };

interface BucketPlace {
  readonly scope: string;
  readonly model: string;
  readonly at: number;
}

function debtsOf(
  standing: Standing,
  { scope, model, at }: BucketPlace,
): { name: LimitName; limit: number; debt: bigint }[] {
  const { buckets } = modelOf(standing, scope, model);
  const steps = stepsIn(standing, scope, model, [
    at,
    ...[...buckets.values()].map((one) => one.at),
  ]);
  const inForce = (steps.findLast(({ from }) => from <= at) ?? steps[0])?.limits ?? {};
  return (Object.entries(inForce) as [LimitName, number | null][]).flatMap(([name, limit]) => {
    if (limit === null) return [];
    const bucket = buckets.get(name);
    return [{ name, limit, debt: bucket ? debtAt(bucket, stepsOf(steps, name), at) : 0n }];
  });
}

function bucketViolations(standing: Standing, place: BucketPlace, take: BucketTake): Violation[] {
  const isNothing = take.requests === 0n && take.tokens === 0n && take.audioMs === 0n;
  if (isNothing) return [];
  return debtsOf(standing, place).flatMap(({ name, limit, debt }) => {
    const law = LIMIT_LAWS[name];
    const milliunits = milliunitsOf(take, law);
    if (milliunits === 0n || fits(debt, milliunits, limit, law)) return [];
    const requested = (milliunits + 999n) / 1_000n;
    const { used } = viewBucket(debt, limit, law);
    const isTooLarge = milliunits > BigInt(limit) * 1_000n;
    // In the whole units that are shown, so that the text's own numbers give the wait.
    const over = (used + requested - BigInt(limit)) * BigInt(law.windowSeconds) * 1_000_000_000n;
    return [
      {
        kind: isTooLarge ? 'too_large' : 'bucket',
        name,
        scope: place.scope === WHOLE ? 'organization' : 'project',
        limit: BigInt(limit),
        used,
        requested,
        retryInNs: isTooLarge ? null : (over + BigInt(limit) - 1n) / BigInt(limit),
      },
    ];
  });
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

function excessViolation(requested: bigint, waitMs: number): Violation {
  return {
    kind: 'excess_block',
    name: 'tokens_per_minute',
    scope: 'organization',
    limit: 0n,
    used: 0n,
    requested,
    retryInNs: BigInt(waitMs) * 1_000_000n,
  };
}

// What waiting does not cure comes first.
function rank({ retryInNs }: Violation): number {
  return retryInNs === null ? Number.POSITIVE_INFINITY : Number(retryInNs);
}
