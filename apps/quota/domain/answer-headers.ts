// The header fields of an answer: the vendors' x-ratelimit-*, the IETF draft's RateLimit beside them, and what SDKs retry by.
import { createHash } from 'node:crypto';
import type { LimitName } from '#libs/events/account-facts.js';
import { formatGoDuration } from '#libs/time/duration.js';
import {
  type AnswerFacts,
  type AnswerWindow,
  countedBy,
  LIMIT_SHORT,
  type Profile,
} from './answer-facts.js';

export type Headers = Readonly<Record<string, string>>;

const MS_NS = 1_000_000n;
const SECOND_NS = 1_000_000_000n;
/** SDKs give up on a wait above this, or (old JavaScript ones) sleep it out: neither is worth a retry. */
const LONGEST_RETRY_NS = 60n * SECOND_NS;

/**
 * Which limit stands behind a header, the first that exists: the day's requests where there are any, as both vendors do (Groq's
 * 14,400 are a day's; OpenAI's 10,000 with a reset of 8.64 s too), and the minute's tokens.
 */
const SHOWN: Readonly<Record<'requests' | 'tokens' | 'audio-seconds', readonly LimitName[]>> = {
  requests: ['requests_per_day', 'requests_per_minute'],
  tokens: ['tokens_per_minute', 'tokens_per_day'],
  'audio-seconds': ['audio_seconds_per_hour', 'audio_seconds_per_day'],
};

/** `x-ratelimit-{limit,remaining,reset}-{requests,tokens,audio-seconds}`, and `-project-tokens` for OpenAI's profile. */
export function rateLimitHeaders({ profile, windows }: AnswerFacts): Headers {
  const headers: Record<string, string> = {};
  for (const [what, names] of Object.entries(SHOWN)) {
    const own = shownWindow(windows, names, 'organization');
    const project = shownWindow(windows, names, 'project');
    // Groq has no field for a project: a lower limit of the project is the one that its requests meet.
    const shown = profile === 'groq' ? (project ?? own) : (own ?? project);
    if (shown) Object.assign(headers, threeHeaders(what, shown, profile));
    if (profile === 'openai' && project)
      Object.assign(headers, threeHeaders(`project-${what}`, project, profile));
  }
  return headers;
}

function shownWindow(
  windows: readonly AnswerWindow[],
  names: readonly LimitName[],
  scope: AnswerWindow['scope'],
): AnswerWindow | undefined {
  const ofScope = windows.filter((window) => window.scope === scope);
  for (const name of names) {
    const found = ofScope.find((window) => window.name === name);
    if (found) return found;
  }
  return undefined;
}

function threeHeaders(what: string, window: AnswerWindow, profile: Profile): Headers {
  return {
    [`x-ratelimit-limit-${what}`]: window.limit.toString(),
    [`x-ratelimit-remaining-${what}`]: window.remaining.toString(),
    // A limit of 0 is never full again: there is no time to tell.
    ...(window.fullInNs === null
      ? {}
      : { [`x-ratelimit-reset-${what}`]: vendorDuration(window.fullInNs, profile) }),
  };
}

/** Groq prints nanoseconds (`172.8ms`); OpenAI cuts to whole milliseconds (86.7 ms is `86ms`, 0.9 ms is `0s`). */
export function vendorDuration(nanos: bigint, profile: Profile): string {
  return formatGoDuration(profile === 'openai' ? nanos - (nanos % MS_NS) : nanos);
}

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers). `w` and `t` are whole seconds; `t` is the time
 * until one more unit; `pk` is a hash of organization, project and model. The quota unit `tokens` is not registered with IANA.
 * With a Retry-After, `t` must not be later than it: it is left out then.
 */
export function ietfHeaders(facts: AnswerFacts, retryAfter: bigint | null): Headers {
  const { windows } = facts;
  if (windows.length === 0) return {};
  const key = `;pk=:${partitionKey(facts)}:`;
  const policies = windows.map((window) => {
    const counts = countedBy(window.name);
    const unit = counts === 'requests' ? '' : `;qu="${counts}"`;
    return `"${policyName(window)}";q=${window.limit};w=${window.windowSeconds}${unit}${key}`;
  });
  const states = windows.map((window) => {
    const more = moreInSeconds(window);
    const isTold = more !== null && (retryAfter === null || more <= retryAfter);
    return `"${policyName(window)}";r=${window.remaining}${isTold ? `;t=${more}` : ''}${key}`;
  });
  return { 'ratelimit-policy': policies.join(', '), ratelimit: states.join(', ') };
}

/** `rpm`, `tpd`, `project-tpm`. */
export function policyName({ name, scope }: Pick<AnswerWindow, 'name' | 'scope'>): string {
  const short = LIMIT_SHORT[name].toLowerCase();
  return scope === 'project' ? `project-${short}` : short;
}

// Rounded up; null when nothing more comes: the bucket is full, or its limit is 0.
function moreInSeconds(window: AnswerWindow): bigint | null {
  if (window.fullInNs === null || window.limit === 0n) return null;
  if (window.remaining >= window.limit) return null;
  // Above its limit a bucket first has to come back to it: one unit more is there when used is limit − 1.
  const units = window.remaining > 0n ? 1n : window.used - window.limit + 1n;
  return divideUp(units * BigInt(window.windowSeconds), window.limit);
}

function partitionKey({ organization, project, model }: AnswerFacts): string {
  const text = JSON.stringify([organization, project, model]);
  return createHash('sha256').update(text).digest().subarray(0, 12).toString('base64');
}

/**
 * When to come back. SDKs read only these three. null is "no wait helps": no retry-after then, since SDKs would loop. Above a
 * minute the wait is told and the retry forbidden. Never 0: 1 ns is `retry-after: 1` and `retry-after-ms: 1`.
 */
export function retryHeaders(waitNs: bigint | null): Headers {
  if (waitNs === null) return { 'x-should-retry': 'false' };
  return {
    'retry-after': retryAfterSeconds(waitNs).toString(),
    'retry-after-ms': divideUp(atLeastOne(waitNs), MS_NS).toString(),
    ...(waitNs > LONGEST_RETRY_NS ? { 'x-should-retry': 'false' } : {}),
  };
}

/** Whole seconds, rounded up, at least 1. */
export function retryAfterSeconds(waitNs: bigint): bigint {
  return divideUp(atLeastOne(waitNs), SECOND_NS);
}

const atLeastOne = (nanos: bigint): bigint => (nanos < 1n ? 1n : nanos);

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
