// The law of limits (design section 6): a token bucket with continuous refill, per organization, model and limit, in integers.
// The debt is kept as units × window nanoseconds, so that one nanosecond of refill takes off exactly `limit`: nothing is rounded
// until a number is shown, and a change of the limit leaves what is used as it is.
import type { LimitName } from '../events/account-facts.js';

const SECOND_NS = 1_000_000_000n;
const MS_NS = 1_000_000n;

/** What a limit counts and how long a full refill takes. */
export interface LimitLaw {
  readonly counts: 'requests' | 'tokens' | 'audio_seconds';
  readonly windowSeconds: number;
}

export const LIMIT_LAWS: Readonly<Record<LimitName, LimitLaw>> = {
  requests_per_minute: { counts: 'requests', windowSeconds: 60 },
  requests_per_day: { counts: 'requests', windowSeconds: 86_400 },
  tokens_per_minute: { counts: 'tokens', windowSeconds: 60 },
  tokens_per_day: { counts: 'tokens', windowSeconds: 86_400 },
  audio_seconds_per_hour: { counts: 'audio_seconds', windowSeconds: 3_600 },
  audio_seconds_per_day: { counts: 'audio_seconds', windowSeconds: 86_400 },
};

export interface Bucket {
  /** units × window nanoseconds not yet refilled at `at`; 0n is a full bucket. */
  readonly debt: bigint;
  /** Epoch ms. */
  readonly at: number;
  /** Since when the bucket has not been full, epoch ms. */
  readonly since: number;
}

/** A limit in force from an instant on; null is no limit, which refills at once. */
export interface LimitStep {
  readonly from: number;
  readonly limit: number | null;
}

/** One use of a bucket: milliunits, so that audio is counted to the millisecond. Negative when usage is taken off. */
export interface BucketUse {
  readonly milliunits: bigint;
  readonly at: number;
}

/** What a client is told about a bucket, in whole units; by these numbers full_in = used × window / limit. */
export interface BucketView {
  /** Rounded up: 0.2 tokens not yet refilled are 1 used. May exceed the limit when usage came without a reservation. */
  readonly used: bigint;
  /** Never below 0. */
  readonly remaining: bigint;
  /** Nanoseconds until full, rounded up; null when the limit is 0 and never refills. */
  readonly fullInNs: bigint | null;
}

/** Nanoseconds of a law's window. */
export function windowNs(law: LimitLaw): bigint {
  return BigInt(law.windowSeconds) * SECOND_NS;
}

/** The debt that is left at an instant after refill at the limits in force meanwhile; before `bucket.at` it is the bucket's own. */
export function debtAt(bucket: Bucket, steps: readonly LimitStep[], at: number): bigint {
  let { debt } = bucket;
  let from = bucket.at;
  while (from < at && debt > 0n) {
    const now = from;
    const step = steps.findLast((candidate) => candidate.from <= now) ?? steps[0];
    if (!step || step.limit === null) return 0n;
    const next = steps.find((candidate) => candidate.from > now)?.from ?? at;
    const until = Math.min(next, at);
    debt -= BigInt(until - from) * MS_NS * BigInt(step.limit);
    from = until;
  }
  return debt > 0n ? debt : 0n;
}

/**
 * Adds a use. In order of time this is exact. A use that comes late adds its full cost when the bucket has not been full since
 * then (refill is shared, so order does not matter there), else what would be left of it where the unbroken use began.
 */
export function addUse(
  bucket: Bucket | undefined,
  use: BucketUse,
  law: LimitLaw,
  steps: readonly LimitStep[],
): Bucket {
  const cost = (use.milliunits * windowNs(law)) / 1_000n;
  const before = bucket ?? { debt: 0n, at: use.at, since: use.at };
  if (use.at >= before.at) {
    const left = debtAt(before, steps, use.at);
    return settled(left + cost, use.at, left > 0n ? before.since : use.at);
  }
  if (use.at >= before.since) return settled(before.debt + cost, before.at, before.since);
  const size = cost < 0n ? -cost : cost;
  const left = debtAt({ debt: size, at: use.at, since: use.at }, steps, before.since);
  const since = left > 0n ? use.at : before.since;
  return settled(before.debt + (cost < 0n ? -left : left), before.at, since);
}

/** The bucket's numbers for a limit in force, from its debt at that instant. */
export function viewBucket(debt: bigint, limit: number, law: LimitLaw): BucketView {
  const window = windowNs(law);
  const used = divideUp(debt, window);
  const capacity = BigInt(limit);
  const fullInNs = used === 0n ? 0n : limit === 0 ? null : divideUp(used * window, capacity);
  return { used, remaining: used > capacity ? 0n : capacity - used, fullInNs };
}

/** Whether milliunits more fit into a bucket with this debt, to the nanosecond: a bucket that is exactly full takes nothing. */
export function fits(debt: bigint, milliunits: bigint, limit: number, law: LimitLaw): boolean {
  const window = windowNs(law);
  return debt + (milliunits * window) / 1_000n <= BigInt(limit) * window;
}

/**
 * Nanoseconds until `units` more fit, rounded up: (used + requested − limit) × window / limit, 0n when they fit now. null when
 * waiting never helps: more than the limit at once.
 */
export function retryInNs(
  debt: bigint,
  units: bigint,
  limit: number,
  law: LimitLaw,
): bigint | null {
  const window = windowNs(law);
  const capacity = BigInt(limit);
  if (units > capacity) return null;
  const over = debt + (units - capacity) * window;
  return over <= 0n ? 0n : divideUp(over, capacity);
}

function settled(debt: bigint, at: number, since: number): Bucket {
  return { debt: debt > 0n ? debt : 0n, at, since };
}

// For what is not negative.
function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
