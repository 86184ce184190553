// What the limiter decided about one reservation, and all that its answer and its explanation are made from. Pure data: the
// rules that make it are in `decide.ts`, the answer to forward is made from it in `answer.ts`.
import type { LimitName } from '#libs/events/account-facts.js';
import type { Measure, ServiceTier } from '#libs/events/quantities.js';

/** May this request run? Estimates of what it takes at most; counts are never negative. */
export interface ReservationRequest {
  /** The caller's name for the attempt: while a reservation of it lives, the same name gives the same reservation. */
  readonly requestId: string;
  readonly organization: string;
  readonly model: string;
  readonly project: string | null;
  readonly apiKey: string | null;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly inputTokens: bigint;
  /** null: the model's own maximum, from the catalog. */
  readonly maxOutputTokens: bigint | null;
  /** What is asked for beside tokens: `audio_ms`, `characters`, `images`, `searches`; an absent one is 0. */
  readonly measures: Readonly<Partial<Record<Measure, bigint>>>;
  readonly ttlSeconds: number;
}

export type ViolationKind =
  /** A token bucket is too empty now; waiting cures it. */
  | 'bucket'
  /** More than the bucket ever holds: waiting never helps (413). */
  | 'too_large'
  /** A hard monthly spend limit. */
  | 'spend_limit'
  /** Prepaid credit is used up. */
  | 'credit'
  /** Usage beyond its reservation, not yet paid back by refill. */
  | 'excess_block';

/** One limit that stands in the way. Buckets count requests, tokens or audio seconds; `spend_limit` and `credit` femto-units. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly name: LimitName | 'spend_limit' | 'credit';
  /** A project's own limit, or the organization's. */
  readonly scope: 'organization' | 'project';
  readonly limit: bigint;
  /** Used and held before this request, rounded up to whole units. */
  readonly used: bigint;
  readonly requested: bigint;
  /** Nanoseconds until it fits, rounded up; null: waiting does not cure it. */
  readonly retryInNs: bigint | null;
}

/** One bucket of the model as it stands after the decision, in whole units, by the law of libs/rating/bucket.ts. */
export interface WindowView {
  readonly name: LimitName;
  readonly scope: 'organization' | 'project';
  readonly limit: bigint;
  readonly used: bigint;
  readonly remaining: bigint;
  readonly windowSeconds: number;
  /** Nanoseconds until full; null when the limit is 0 and never refills. */
  readonly fullInNs: bigint | null;
}

/** What an admitted request holds until it is settled, released or expires. */
export interface Held {
  readonly requests: number;
  /** Input and maximum output. */
  readonly tokens: bigint;
  /** At the dearest price in force until it expires. */
  readonly spendFemto: bigint;
}

export interface Decision {
  /** `dec_` and the 26 characters of a ULID; the reservation of an admitted one is `rsv_` and the same characters. */
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly organization: string;
  readonly profile: 'groq' | 'openai';
  /** The plan in force: free, developer, enterprise. */
  readonly tier: string;
  readonly request: ReservationRequest;
  readonly outcome: 'admitted' | 'refused';
  /** [] when admitted; else every limit in the way, the one that takes longest first. */
  readonly violated: readonly Violation[];
  /** The organization's buckets of the model, then the project's; limits that do not exist are absent. */
  readonly windows: readonly WindowView[];
  /** null when refused. */
  readonly held: Held | null;
  /** null when refused. */
  readonly reservation: string | null;
  /** Decided by a local lease while the database was away (fail mode `open`). */
  readonly leased: boolean;
}

/** What filled a bucket before a refusal: a reservation (held or settled) or an event that named none. */
export interface Contributor {
  readonly reservation?: string;
  /** `source` and `id` of the event, joined by one space. */
  readonly event?: string;
  /** Of a reservation that named one; what fills a project's bucket is told by it alone. */
  readonly project?: string;
  readonly tokens: bigint;
  readonly at: number;
}
