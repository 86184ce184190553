// What is noted of every answer: its time, for Prometheus, and one structured line. Never a key, a query or a body.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Histogram } from 'prom-client';
import type { AppOptions } from './app-options.js';
import { callerOf } from './auth.js';

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Probes come every few seconds and say nothing new. */
const QUIET = new Set(['/health/live', '/health/ready', '/metrics']);

/** Adds the hook that observes and logs the answers of a route, as Fastify registers it. */
export function noteAnswers(route: RouteOptions, options: AppOptions): void {
  const hook = answerHook([route.method].flat().join(), route.url, options);
  route.onResponse = [...[route.onResponse ?? []].flat(), hook] as never;
}

/** Adds the hook for what has no route; one series for all of it, for its paths and methods are without end. */
export function noteUnrouted(server: FastifyInstance, options: AppOptions): void {
  const hook = answerHook('any', 'none', options);
  server.addHook('onResponse', (request, reply, done) => {
    if (request.is404) hook(request, reply, done);
    else done();
  });
}

function answerHook(method: string, route: string, options: AppOptions): Hook {
  const { metrics, logRequests = true } = options;
  // The fields below hold no secret: looking for one in each line would double its cost.
  const lines = options.logger.child({}, { redact: [] });
  const isLogged = logRequests && !QUIET.has(route);
  const series = new Map<number, Histogram.Internal<string>>();
  return (request, reply, done) => {
    const { statusCode: status, elapsedTime } = reply;
    let one = series.get(status);
    if (one === undefined) {
      one = metrics.httpSeconds.labels(method, route, String(status));
      series.set(status, one);
    }
    one.observe(elapsedTime / 1_000);
    if (isLogged)
      lines.info({
        request_id: request.id,
        method: request.method,
        route,
        status,
        ms: Math.round(elapsedTime * 100) / 100,
        key_id: callerOf(request)?.keyId,
      });
    done();
  };
}
