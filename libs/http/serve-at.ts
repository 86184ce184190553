import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Environment } from '../config/environment.js';
import { serve } from './app.js';
import { metricsAddress } from './metrics-listener.js';

/** Listens on HOST and PORT, or the given port, with metrics where METRICS_PORT says, until a signal. */
export async function serveAt(
  app: NestFastifyApplication,
  environment: Environment,
  port: number,
): Promise<void> {
  await serve(app, {
    host: environment.text('HOST', '127.0.0.1'),
    port: environment.integer('PORT', port, 0, 65_535),
    metrics: metricsAddress(environment),
  });
}
