// Turns whatever was thrown into a problem+json answer. Nothing internal leaves the process: unknown errors are logged and say 500.
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LogBusy, LogUnavailable } from '../log/event-log.js';
import { openAiError, wantsOpenAiErrors } from './openai-errors.js';
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.js';
import type { RouteTable } from './route-table.js';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.problemOf(error, request);
    if (problem.status >= 500)
      this.logger.error(
        { err: error, request_id: request.id, code: problem.code },
        problem.message,
      );
    const body = {
      type: `urn:meterbook:problem:${problem.code}`,
      code: problem.code,
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      instance: request.url.split('?', 1)[0],
      errors: problem.errors,
      ...problem.members,
      ...(wantsOpenAiErrors(request) && { error: openAiError(problem) }),
    };
    void reply
      .status(problem.status)
      .headers({ ...problem.headers })
      .type(PROBLEM_MEDIA_TYPE)
      // A Buffer: Fastify adds a charset to text, and a common client compares the media type as text.
      .send(Buffer.from(JSON.stringify(body)));
  }

  private problemOf(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof LogUnavailable || error instanceof LogBusy)
      return new Problem(
        503,
        'log_unavailable',
        'The event log cannot take this now; nothing is lost by trying again.',
        {
          headers: { 'retry-after': '1' },
        },
      );
    const status = statusOf(error);
    if (status === 404 && request.routeOptions.url === undefined) return this.unrouted(request);
    if (status === undefined || status >= 500)
      return new Problem(500, 'internal_error', 'Something went wrong here.');
    return new Problem(status, codeOf(status, error), error instanceof Error ? error.message : '');
  }

  private unrouted(request: FastifyRequest): Problem {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = this.routes.methodsOf(path);
    if (allowed.length === 0)
      return new Problem(404, 'unknown_route', `There is nothing at ${path}.`);
    const allow = allowed.join(', ');
    return new Problem(405, 'method_not_allowed', `${path} takes ${allow}.`, {
      headers: { allow },
    });
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  404: 'not_found',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

function codeOf(status: number, error: unknown): string {
  const isJson = /JSON|proto property|constructor property/.test((error as Error)?.message ?? '');
  if (status === 400 && isJson) return 'invalid_json';
  return CODES[status] ?? 'refused';
}
