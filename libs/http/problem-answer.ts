// Writes a problem as the answer to a request; also on the bare socket of one that was never understood as a request.
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { openAiError, wantsOpenAiErrors } from './openai-errors.js';
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.js';
import { dropUnread } from './unread-body.js';

/** The members of the body, for the path that was asked for. */
export function problemBody(problem: Problem, instance: string): Record<string, unknown> {
  return {
    type: `urn:meterbook:problem:${problem.code}`,
    code: problem.code,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance,
    errors: problem.errors,
    ...problem.members,
  };
}

/** Answers with a problem, in OpenAI's shape too where the route has it. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  dropUnread(request.raw);
  const body = problemBody(problem, pathOf(request));
  if (wantsOpenAiErrors(request)) body['error'] = openAiError(problem);
  void reply
    .status(problem.status)
    .headers({ ...problem.headers })
    .type(PROBLEM_MEDIA_TYPE)
    // A Buffer: Fastify adds a charset to text, and a common client compares the media type as text.
    .send(Buffer.from(JSON.stringify(body)));
}

/** The path of a request without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

const SOCKET_PROBLEMS: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(
    408,
    'request_timeout',
    'The request did not arrive in time.',
  ),
  HPE_HEADER_OVERFLOW: new Problem(
    431,
    'headers_too_large',
    'The headers are larger than 16 KiB together.',
  ),
};
const MALFORMED = new Problem(400, 'malformed_request', 'This is not an HTTP/1.1 request.');

/** Answers what Node's parser refused: smuggling attempts, unknown methods, endless headers, requests that never end. */
export function answerSocket(error: Error & { code?: string }, socket: Socket): void {
  // What came too slowly after its answer was out gets no second one: the next request would take it for its own.
  const isAnswered = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesWritten > 0;
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswered) {
    socket.destroy();
    return;
  }
  const problem = SOCKET_PROBLEMS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify(problemBody(problem, ''));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${randomUUID()}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
