// GET /v1/decisions/{id} as the contract has it (http-contract.md, quota): what was asked, what stood in the way, whose usage that
// was, and the answer that was forwarded.
import { formatExact } from '#libs/money/money.js';
import { formatGoDuration } from '#libs/time/duration.js';
import { formatInstant } from '#libs/time/instant.js';
import { type AnswerFacts, type Fault, isSpendFault } from '../domain/answer-facts.js';
import { type Answer, answerOf } from '../domain/answer.js';
import type { Contributor, Decision, ReservationRequest } from '../domain/decision.js';
import { explainBucket, type Explanation, inWords, type Share } from '../domain/explanation.js';

const NOTHING: Explanation = { shares: [], otherUnits: 0n };

/** `contributors` are told for the first bucket in the way, the one that takes longest. */
export function decisionView(
  decision: Decision,
  facts: AnswerFacts,
  contributors: readonly Contributor[],
) {
  const { id, at, request, outcome, tier, windows } = decision;
  const use = { contributors, project: request.project, at };
  const explained = facts.faults.map((fault) =>
    isSpendFault(fault) ? NOTHING : explainBucket(fault, use),
  );
  const first = explained.find(({ shares }) => shares.length > 0) ?? NOTHING;
  return {
    id,
    at: formatInstant(at),
    request: requestView(request),
    outcome,
    tier,
    reservation: decision.reservation,
    violated: facts.faults.map(faultView),
    explanation: facts.faults.flatMap((fault, index) =>
      inWords(fault, explained[index] ?? NOTHING, at),
    ),
    contributors: first.shares.map(shareView),
    windows: windows.map((window) => ({
      name: window.name,
      scope: window.scope,
      limit: window.limit,
      used: window.used,
      remaining: window.remaining,
      window_seconds: window.windowSeconds,
      full_in: window.fullInNs === null ? null : formatGoDuration(window.fullInNs),
    })),
    answer: answerView(decision, answerOf(facts)),
    leased: decision.leased,
  };
}

function requestView(request: ReservationRequest) {
  return {
    request_id: request.requestId,
    organization: request.organization,
    model: request.model,
    project: request.project,
    api_key: request.apiKey,
    service_tier: request.serviceTier,
    adapter: request.adapter,
    input_tokens: request.inputTokens,
    max_output_tokens: request.maxOutputTokens,
    ...request.measures,
    ttl_seconds: request.ttlSeconds,
  };
}

// Counts are JSON integers, money is decimal text.
function faultView(fault: Fault) {
  const { kind, scope } = fault;
  if (isSpendFault(fault))
    return {
      name: kind,
      kind,
      scope,
      limit: formatExact(fault.limit),
      used: formatExact(fault.used),
      requested: formatExact(fault.requested),
      retry_in: null,
    };
  const { name, limit, used, requested, retryInNs } = fault;
  const retry_in = retryInNs === null ? null : formatGoDuration(retryInNs);
  return { name, kind, scope, limit, used, requested, retry_in };
}

function shareView({ reservation, event, tokens, at, units, freesAt }: Share) {
  return {
    ...(reservation === undefined ? {} : { reservation }),
    ...(event === undefined ? {} : { event }),
    tokens,
    at: formatInstant(at),
    counts: units,
    frees_at: freesAt === null ? null : formatInstant(freesAt),
  };
}

function answerView({ id, at, request, reservation, held }: Decision, answer: Answer) {
  const { status, headers } = answer;
  if (answer.body !== null || held === null) return { status, headers, body: answer.body };
  const body = {
    id: reservation,
    decision_id: id,
    state: 'held',
    expires_at: formatInstant(at + request.ttlSeconds * 1_000),
    held: {
      requests: held.requests,
      tokens: held.tokens,
      spend_exact: formatExact(held.spendFemto),
    },
  };
  return { status, headers, body };
}
