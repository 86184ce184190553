// The buckets that a request meets: what is left in each, and which it does not fit into.
import type { LimitName } from '#libs/events/account-facts.js';
import type { ServiceTier } from '#libs/events/quantities.js';
import { debtAt, fits, LIMIT_LAWS, viewBucket } from '#libs/rating/bucket.js';
import { countsInBuckets, stepsOf } from './bucket-uses.js';
import type { ReservationRequest, Violation, WindowView } from './decision.js';
import {
  type BucketTake,
  milliunitsOf,
  modelOf,
  scopesOf,
  type Standing,
  stepsIn,
  WHOLE,
} from './standing.js';

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

export const NO_TAKE: BucketTake = { requests: 0n, tokens: 0n, audioMs: 0n };

/** One scope's buckets of a model at an instant. */
export interface BucketPlace {
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

/** Buckets that a take does not fit into, the whole take or nothing. */
export function bucketViolations(
  standing: Standing,
  place: BucketPlace,
  take: BucketTake,
): Violation[] {
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

/** Usage beyond reservations that refill has not paid for yet: told as a bucket that holds more than its limit. */
export function excessViolation(
  standing: Standing,
  { model, serviceTier }: Pick<ReservationRequest, 'model' | 'serviceTier'>,
  requested: bigint,
  at: number,
): Violation | undefined {
  const { excessUntil } = modelOf(standing, WHOLE, model);
  if (excessUntil <= at || !countsInBuckets(serviceTier)) return undefined;
  const place = { scope: WHOLE, model, at };
  const bucket = debtsOf(standing, place).find(({ name }) => name.startsWith('tokens'));
  if (!bucket) return undefined;
  const limit = BigInt(bucket.limit);
  const { windowSeconds } = LIMIT_LAWS[bucket.name];
  const owed = (BigInt(excessUntil - at) * limit) / (BigInt(windowSeconds) * 1_000n) + 1n;
  return {
    kind: 'excess_block',
    name: bucket.name,
    scope: 'organization',
    limit,
    used: limit + owed,
    requested: requested > limit ? limit : requested,
    retryInNs: BigInt(excessUntil - at) * 1_000_000n,
  };
}
