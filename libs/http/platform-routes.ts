// The routes that every service has and nobody needs a key for: health, metrics, OpenAPI. No route tells anything about a customer.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppOptions } from './app-options.js';
import { openApiDocument } from './openapi.js';
import { Readiness } from './readiness.js';

/** Registers /health/live, /health/ready, /metrics and /openapi.json on the app's Fastify instance. */
export function addPlatformRoutes(app: NestFastifyApplication, options: AppOptions): void {
  const server = app.getHttpAdapter().getInstance();
  let document: unknown;
  server.get('/health/live', () => ({ status: 'live', service: options.name }));
  server.get('/health/ready', async (_request, reply) => {
    const reasons = await reasonsOf(app);
    return reply.status(reasons.length === 0 ? 200 : 503).send({
      status: reasons.length === 0 ? 'ready' : 'not_ready',
      service: options.name,
      reasons,
    });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics()),
  );
  server.get('/openapi.json', () => (document ??= openApiDocument(app, options.name)));
}

// A check that fails is itself a reason: a service that cannot say whether it is ready is not.
async function reasonsOf(app: NestFastifyApplication): Promise<string[]> {
  try {
    return await app.get(Readiness, { strict: false }).reasons();
  } catch (error) {
    if ((error as Error).constructor.name === 'UnknownElementException') return [];
    return [`readiness cannot be told: ${(error as Error).message}`];
  }
}
