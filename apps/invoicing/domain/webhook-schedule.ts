// When a delivery is tried again, and what an answer means (Standard Webhooks 1.0, "retry schedule" and "status codes").

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits before the second attempt, the third …: the tenth and last attempt comes about 75 h after the first. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** Up to a tenth later, so that endpoints that failed together do not come back together. */
const JITTER = 0.1;

/** What came of an attempt: a status, or the fault that kept one away. */
export type Attempted =
  { readonly status: number; readonly retryAfterMs: number | null } | { readonly fault: string };

export type NextStep =
  | { readonly state: 'delivered' }
  | { readonly state: 'pending'; readonly nextAt: number }
  /** `gone`: the endpoint said so (410), it is switched off. `exhausted`: so it is after 75 h of refusals. */
  | { readonly state: 'failed'; readonly disable: 'gone' | 'exhausted' };

/**
 * The step after attempt number `attempt` (the first is 1). Any 2xx is success, a redirect is none. 429, 502 and 504 may ask for
 * more time by retry-after. `random` is in [0, 1).
 */
export function nextStep(
  attempted: Attempted,
  attempt: number,
  now: number,
  random: number,
): NextStep {
  const status = 'status' in attempted ? attempted.status : 0;
  if (status >= 200 && status < 300) return { state: 'delivered' };
  if (status === 410) return { state: 'failed', disable: 'gone' };
  const wait = WAITS_MS[attempt - 1];
  if (wait === undefined) return { state: 'failed', disable: 'exhausted' };
  const jitter = Math.floor(wait * random * JITTER);
  const asked = [429, 502, 504].includes(status) ? retryAfter(attempted) : 0;
  return { state: 'pending', nextAt: now + Math.max(wait + jitter, asked) };
}

// An endpoint may slow us down, but not for more than a day.
function retryAfter(attempted: Attempted): number {
  const asked = 'retryAfterMs' in attempted ? (attempted.retryAfterMs ?? 0) : 0;
  return Math.min(asked, 24 * HOUR_MS);
}
