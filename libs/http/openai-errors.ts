// Routes in OpenAI's shape answer errors in OpenAI's shape too, beside the problem members.
import type { FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';
import { routeFacts } from './route-facts.js';

/** On a controller or a method: its problems also have `{"error": {message, type, param, code}}`. */
export const OpenAiErrors = (): ClassDecorator & MethodDecorator => routeFacts({ openAi: true });

/** Whether the route of a request was marked so. */
export function wantsOpenAiErrors(request: FastifyRequest): boolean {
  return request.routeOptions.config?.meterbook?.openAi === true;
}

/** The error object that OpenAI's SDKs read; `param` names the faulty parameter or is null. */
export function openAiError(problem: Problem): Record<string, unknown> {
  const type = problem.status >= 500 ? 'server_error' : 'invalid_request_error';
  const param = problem.errors[0]?.pointer.replace(/^[?/]/, '') || null;
  return { message: problem.message, type, param, code: problem.code };
}
