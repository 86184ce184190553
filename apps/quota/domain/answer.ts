// The answer to forward (design section 6): status, header fields and body as the organization's compatibility profile has them.
// The gateway sends it on as it is; an answer with `meterbook-decision-id` is for the customer.
import { type AnswerFacts, type Fault, isSpendFault } from './answer-facts.js';
import {
  type Headers,
  ietfHeaders,
  policyName,
  rateLimitHeaders,
  retryAfterSeconds,
  retryHeaders,
} from './answer-headers.js';
import { errorObject, faultMessage } from './answer-texts.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** null when admitted: the door puts the reservation there. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

export const DECISION_HEADER = 'meterbook-decision-id';
const PROBLEM_TYPE = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

/**
 * Admitted is 201 with what is left. Refused is, in this order: 413 for what can never fit, 400 (groq) or 429 (openai) for a
 * spend block, 429 for a bucket, with the longest wait of all buckets that are too full.
 */
export function answerOf(facts: AnswerFacts): Answer {
  const fault = governing(facts.faults);
  const identity = { [DECISION_HEADER]: facts.decision };
  if (!fault)
    return {
      status: 201,
      headers: { ...rateLimitHeaders(facts), ...ietfHeaders(facts, null), ...identity },
      body: null,
    };
  const waitNs = isSpendFault(fault) ? null : fault.retryInNs;
  return {
    status: statusOf(facts, fault),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...rateLimitHeaders(facts),
      ...ietfHeaders(facts, waitNs === null ? null : retryAfterSeconds(waitNs)),
      ...retryHeaders(waitNs),
      ...identity,
    },
    body: { error: errorObject(facts, fault) },
  };
}

/** The same refusal for a client that accepts application/problem+json; an admitted answer stays as it is. */
export function problemAnswer(facts: AnswerFacts, instance: string): Answer {
  const answer = answerOf(facts);
  const fault = governing(facts.faults);
  if (!fault) return answer;
  const { code } = errorObject(facts, fault);
  const body = {
    type: PROBLEM_TYPE,
    code,
    title: 'Quota exceeded',
    status: answer.status,
    detail: faultMessage(facts, fault),
    instance,
    'violated-policies': facts.faults.map(violatedPolicy),
    errors: [],
  };
  const headers = { ...answer.headers, 'content-type': 'application/problem+json' };
  return { ...answer, headers, body };
}

/** The name of a fault among `violated-policies`: that of its RateLimit-Policy, or of the money it is about. */
export function violatedPolicy(fault: Fault): string {
  if (!isSpendFault(fault)) return policyName(fault);
  const name = fault.kind.replace('_', '-');
  return fault.scope === 'project' ? `project-${name}` : name;
}

/** The fault that the answer is about; undefined when there is none. */
export function governing(faults: readonly Fault[]): Fault | undefined {
  return faults.toSorted((left, right) => weight(right) - weight(left))[0];
}

// A wait is told that cures every bucket: the longest one wins. Nanoseconds of 100 days fit a double exactly enough to compare.
function weight(fault: Fault): number {
  if (isSpendFault(fault)) return Number.MAX_SAFE_INTEGER;
  return fault.retryInNs === null ? Infinity : Math.min(Number(fault.retryInNs), 2 ** 52);
}

function statusOf({ profile }: AnswerFacts, fault: Fault): number {
  if (!isSpendFault(fault)) return fault.retryInNs === null ? 413 : 429;
  return profile === 'groq' ? 400 : 429;
}
