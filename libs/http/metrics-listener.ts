// Metrics on a listener of their own, for scrapers that are not on this machine: the service's port tells nobody else its load.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Environment } from '../config/environment.js';
import type { Metrics } from '../telemetry/metrics.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** METRICS_HOST and METRICS_PORT; undefined without the port: then only the service's own port answers, to this machine. */
export function metricsAddress(environment: Environment): ListenAddress | undefined {
  if (environment.optional('METRICS_PORT') === undefined) return undefined;
  return {
    host: environment.text('METRICS_HOST', environment.text('HOST', '127.0.0.1')),
    port: environment.integer('METRICS_PORT', 0, 0, 65_535),
  };
}

/** Answers GET and HEAD of /metrics to whoever can reach the address, and 404 to all else. It keeps no process alive. */
export async function listenForScrapers(metrics: Metrics, at: ListenAddress): Promise<Server> {
  const { registry } = metrics;
  const server = createServer((request, response) => {
    const isScrape = request.method === 'GET' || request.method === 'HEAD';
    if (!isScrape || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.unref();
  server.listen(at.port, at.host);
  await once(server, 'listening');
  return server;
}
