// What is noted of every answer: its time, for Prometheus, and one structured line. Never a key, a query or a body.
import type { FastifyInstance } from 'fastify';
import type { Histogram } from 'prom-client';
import type { AppOptions } from './app-options.js';
import { callerOf } from './auth.js';

/** Probes come every few seconds and say nothing new. */
const QUIET = new Set(['/health/live', '/health/ready', '/metrics']);

/** Adds the hook that observes and logs answers. */
export function noteAnswers(server: FastifyInstance, options: AppOptions): void {
  const { logger, metrics, logRequests = true } = options;
  const series = new Map<string, Histogram.Internal<string>>();
  server.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    const route = request.routeOptions.url ?? 'none';
    const name = `${method} ${route} ${status}`;
    let one = series.get(name);
    if (one === undefined) {
      // A method that no route has is any word: it must not make series without end.
      one = metrics.httpSeconds.labels(route === 'none' ? 'any' : method, route, String(status));
      if (route !== 'none') series.set(name, one);
    }
    one.observe(elapsedTime / 1_000);
    if (logRequests && !QUIET.has(route))
      logger.info({
        request_id: request.id,
        method,
        route,
        status,
        ms: Math.round(elapsedTime * 100) / 100,
        key_id: callerOf(request)?.keyId,
      });
    done();
  });
}
