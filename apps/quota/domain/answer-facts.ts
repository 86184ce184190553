// What an answer is made from: the part of a decision that a client is told, with the names of the organization's profile.
import type { LimitName } from '#libs/events/account-facts.js';
import { LIMIT_LAWS } from '#libs/rating/bucket.js';
import { monthOf } from '#libs/time/month.js';
import type { Decision, Violation, WindowView } from './decision.js';

export type Profile = Decision['profile'];
export type AnswerWindow = WindowView;
export type AnswerScope = WindowView['scope'];

/**
 * A bucket that the request does not fit into. `retryInNs`: null when waiting never helps, it is 413 then. An excess block has no
 * numbers: until refill has paid for usage beyond its reservation nothing is admitted.
 */
export interface BucketFault {
  readonly kind: 'bucket' | 'too_large' | 'excess_block';
  readonly name: LimitName;
  readonly scope: AnswerScope;
  readonly limit: bigint;
  readonly used: bigint;
  readonly requested: bigint;
  readonly windowSeconds: number;
  readonly retryInNs: bigint | null;
}

/** Money that is used up; femto-units. Only a person changes that, or the next month: no wait is told. */
export interface SpendFault {
  readonly kind: 'spend_limit' | 'credit';
  readonly scope: AnswerScope;
  readonly limit: bigint;
  readonly used: bigint;
  readonly requested: bigint;
}

export type Fault = BucketFault | SpendFault;

/** Whether a fault is about money. */
export function isSpendFault(fault: Fault): fault is SpendFault {
  return fault.kind === 'spend_limit' || fault.kind === 'credit';
}

/** The next tier that the organization can choose by itself, and where. */
export interface Upgrade {
  readonly title: string;
  readonly url: string;
}

export interface AnswerFacts {
  readonly decision: string;
  readonly profile: Profile;
  readonly organization: string;
  readonly project: string | null;
  readonly model: string;
  readonly serviceTier: string;
  readonly currency: string;
  /** Every bucket of the model, whether refused or admitted. */
  readonly windows: readonly AnswerWindow[];
  /** Empty: admitted. */
  readonly faults: readonly Fault[];
  /** First instant of the next billing period, epoch ms: when a monthly spend limit starts anew. */
  readonly periodEndsAt: number;
  readonly upgrade?: Upgrade;
}

/** Short names of the limits, as vendors write them in texts and as policies are named in RateLimit fields. */
export const LIMIT_SHORT: Readonly<Record<LimitName, string>> = {
  requests_per_minute: 'RPM',
  requests_per_day: 'RPD',
  tokens_per_minute: 'TPM',
  tokens_per_day: 'TPD',
  audio_seconds_per_hour: 'ASH',
  audio_seconds_per_day: 'ASD',
};

/** What a limit counts: the first part of its name. */
export function countedBy(name: LimitName): 'requests' | 'tokens' | 'audio-seconds' {
  if (name.startsWith('requests')) return 'requests';
  return name.startsWith('tokens') ? 'tokens' : 'audio-seconds';
}

/**
 * Nanoseconds until a request fits, rounded up, by the numbers that the client is told: (used + requested − limit) × window /
 * limit. null when waiting never helps: it asks for more than the limit at once.
 */
export function bucketWaitNs(
  fault: Pick<BucketFault, 'limit' | 'used' | 'requested' | 'windowSeconds'>,
): bigint | null {
  const { limit, used, requested } = fault;
  if (requested > limit || limit === 0n) return null;
  const over = used + requested - limit;
  const window = BigInt(fault.windowSeconds) * 1_000_000_000n;
  return over <= 0n ? 0n : (over * window + limit - 1n) / limit;
}

/** What the organization's account and catalog say, beside the decision. */
export interface AnswerContext {
  readonly currency: string;
  readonly upgrade?: Upgrade;
}

/** The facts of a decision; waits are told by the printed numbers, and never shorter than the exact ones. */
export function answerFacts(decision: Decision, context: AnswerContext): AnswerFacts {
  const { id, profile, organization, request, windows, at } = decision;
  return {
    decision: id,
    profile,
    organization,
    project: request.project,
    model: request.model,
    serviceTier: request.serviceTier,
    windows,
    faults: decision.violated.map(faultOf),
    periodEndsAt: monthOf(at).to,
    ...context,
  };
}

function faultOf(violation: Violation): Fault {
  const { kind, name, scope, limit, used, requested } = violation;
  const numbers = { scope, limit, used, requested };
  if (name === 'spend_limit' || name === 'credit') return { kind: name, ...numbers };
  const { windowSeconds } = LIMIT_LAWS[name];
  const bucket = kind === 'spend_limit' || kind === 'credit' ? 'bucket' : kind;
  const retryInNs = waitOf(violation, windowSeconds);
  return { kind: bucket, name, ...numbers, windowSeconds, retryInNs };
}

// An excess block has no numbers of its own: its wait is the refill of what was used beyond reservations.
function waitOf({ kind, retryInNs, ...numbers }: Violation, windowSeconds: number): bigint | null {
  if (kind === 'too_large' || retryInNs === null || kind === 'excess_block')
    return kind === 'too_large' ? null : retryInNs;
  const printed = bucketWaitNs({ ...numbers, windowSeconds });
  return printed !== null && printed < retryInNs ? retryInNs : printed;
}
