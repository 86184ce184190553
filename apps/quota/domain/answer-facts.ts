// What an answer is made from: the part of a decision that a client is told, with the names of the organization's profile.
import type { LimitName } from '#libs/events/account-facts.js';

export type Profile = 'groq' | 'openai';
export type AnswerScope = 'organization' | 'project';

/** One bucket as the client is told of it, in whole units after the decision; `fullInNs` is null when it never refills. */
export interface AnswerWindow {
  readonly name: LimitName;
  readonly scope: AnswerScope;
  readonly limit: bigint;
  readonly used: bigint;
  readonly remaining: bigint;
  readonly windowSeconds: number;
  readonly fullInNs: bigint | null;
}

/** A bucket that the request does not fit into. `retryInNs`: null when waiting never helps, it is 413 then. */
export interface BucketFault {
  readonly kind: 'bucket';
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
  readonly kind: 'spend_limit' | 'credit' | 'excess_block';
  readonly scope: AnswerScope;
  readonly limit: bigint;
  readonly used: bigint;
  readonly requested: bigint;
}

export type Fault = BucketFault | SpendFault;

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
