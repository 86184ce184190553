// The first hook of every request, routed or not: its id, and what is refused for its URL alone.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DrainingAdapter } from './draining-adapter.js';
import { pathOf, sendProblem } from './problem-answer.js';
import { Problem } from './problem.js';
import type { RouteTable } from './route-table.js';

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Answers 404, 405 and OPTIONS itself, before a body is read. */
export function greetRequest(routes: RouteTable, adapter: DrainingAdapter): Hook {
  return (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    if (adapter.isDraining) void reply.header('connection', 'close');
    // Node's own refusal of this has no body.
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      sendProblem(request, reply, NO_HOST);
    else if (request.is404) answerUnrouted(request, reply, routes);
    else if (pathOf(request).includes('%00')) sendProblem(request, reply, NUL);
    else done();
  };
}

const NO_HOST = new Problem(400, 'malformed_request', 'The request has no host header.');
const NUL = new Problem(400, 'malformed_url', 'The path holds a NUL, which no name has.');

function answerUnrouted(request: FastifyRequest, reply: FastifyReply, routes: RouteTable): void {
  const path = pathOf(request);
  const methods = routes.methodsOf(path);
  const allow = methods.join(', ');
  if (methods.length === 0)
    sendProblem(request, reply, new Problem(404, 'unknown_route', `There is nothing at ${path}.`));
  else if (request.method === 'OPTIONS')
    void reply.status(204).header('allow', `${allow}, OPTIONS`).send();
  else {
    const detail = `${path} takes ${allow}, not ${request.method}.`;
    const headers = { allow };
    sendProblem(request, reply, new Problem(405, 'method_not_allowed', detail, { headers }));
  }
}
