// Routes in OpenAI's shape answer errors in OpenAI's shape too, beside the problem members.
import { SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';

const OPENAI = 'meterbook:openai-errors';
const MARK = Symbol('openai errors');

/** On a controller: its problems also have `{"error": {message, type, param, code}}`. */
export const OpenAiErrors = (): ClassDecorator => SetMetadata(OPENAI, true);

export function isOpenAiShaped(controller: object): boolean {
  return Reflect.getMetadata(OPENAI, controller) === true;
}

/** Said of a request before anything can fail, by its route. */
export function markOpenAi(request: FastifyRequest): void {
  Object.defineProperty(request, MARK, { value: true });
}

export function wantsOpenAiErrors(request: FastifyRequest): boolean {
  return (request as unknown as Record<symbol, unknown>)[MARK] === true;
}

/** The error object that OpenAI's SDKs read; `param` names the faulty parameter or is null. */
export function openAiError(problem: Problem): Record<string, unknown> {
  const type = problem.status >= 500 ? 'server_error' : 'invalid_request_error';
  const param = problem.errors[0]?.pointer.replace(/^[?/]/, '') ?? null;
  return { message: problem.message, type, param, code: problem.code };
}
