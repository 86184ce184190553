// Gives a decision's answer to forward to the gateway: the vendor's shape, or problem+json for a client that asks for it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '#libs/http/problem-answer.js';
import type { AnswerContext } from '../domain/answer-facts.js';
import { answerFacts } from '../domain/answer-facts.js';
import { prefersProblem } from '../domain/answer-context.js';
import { type Answer, answerOf, problemAnswer } from '../domain/answer.js';
import type { Decision } from '../domain/decision.js';

/** The answer of a decision to this request. */
export function answerTo(
  request: FastifyRequest,
  decision: Decision,
  context: AnswerContext,
): Answer {
  const facts = answerFacts(decision, context);
  return prefersProblem(request.headers.accept)
    ? problemAnswer(facts, pathOf(request))
    : answerOf(facts);
}

/**
 * Sets status and header fields, and gives the body: the refusal's, or `admitted`. A refusal's body is bytes, since Fastify
 * would add a charset to problem+json, which a common client compares as text.
 */
export function forward(reply: FastifyReply, answer: Answer, admitted: object): object {
  void reply.status(answer.status).headers({ ...answer.headers, vary: 'accept' });
  return answer.body === null ? admitted : Buffer.from(JSON.stringify(answer.body));
}
