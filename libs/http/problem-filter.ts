// Turns whatever was thrown into a problem+json answer. Nothing internal leaves the process: unknown errors are logged and say 500.
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LogBusy, LogUnavailable } from '../log/event-log.js';
import { isDatabaseAway } from './database-away.js';
import { sendProblem } from './problem-answer.js';
import { Problem } from './problem.js';
import { shownMedia } from './shown-media.js';

const AGAIN = { headers: { 'retry-after': '1' } };

/** The one exception filter of an app. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error, request);
    if (problem.status >= 500 && !(error instanceof Problem))
      this.logger.error({ err: error, request_id: request.id, code: problem.code }, 'failed');
    // Too late to say anything: a cut body must not look like a whole one.
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(request, reply, problem);
  }
}

/** The problem that an error means to the caller; 500 `internal_error` for one that says nothing to them. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof LogUnavailable || error instanceof LogBusy)
    return new Problem(
      503,
      'log_unavailable',
      'The event log cannot take this now; nothing is lost by trying again.',
      AGAIN,
    );
  if (isDatabaseAway(error))
    return new Problem(503, 'database_unavailable', 'The database cannot answer now.', AGAIN);
  const known = KNOWN[codeOf(error) ?? '']?.(request);
  if (known) return known;
  const status = statusOf(error);
  if (status === undefined || status >= 500)
    return new Problem(500, 'internal_error', 'Something went wrong here.');
  return new Problem(status, CODES[status] ?? 'refused', (error as Error).message);
}

/** What Fastify refuses by itself, by its error code. */
const KNOWN: Readonly<Record<string, (request: FastifyRequest) => Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ headers }) =>
    new Problem(
      415,
      'unsupported_media_type',
      `This route takes application/json, not ${shownMedia(headers['content-type'])}.`,
      { headers: { accept: 'application/json' } },
    ),
  FST_ERR_CTP_BODY_TOO_LARGE: ({ server }) =>
    new Problem(
      413,
      'body_too_large',
      `The body is larger than ${server.initialConfig.bodyLimit} bytes.`,
    ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem(400, 'invalid_request', 'The body is not as long as its content-length says.'),
  FST_ERR_BAD_URL: () =>
    new Problem(400, 'malformed_url', 'The path is not valid percent-encoding of UTF-8.'),
  FST_ERR_MAX_PARAM_LENGTH: () =>
    new Problem(414, 'path_too_long', 'A part of the path is longer than 300 characters.'),
};

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  406: 'not_acceptable',
  409: 'conflict',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const found = code ?? cause?.code;
  return typeof found === 'string' ? found : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}
