// The routes that every service has: health and OpenAPI for anyone, metrics for this machine and for keys with `ops`. None tells
// anything about a customer.
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppOptions } from './app-options.js';
import { openApiDocument } from './openapi.js';
import { Problem } from './problem.js';
import { Readiness } from './readiness.js';
import { OPS_ROUTE, PUBLIC_ROUTE } from './route-facts.js';
import type { RouteTable } from './route-table.js';

/** Registers /health/live, /health/ready, /metrics and /openapi.json on the app's Fastify instance. */
export function addPlatformRoutes(
  app: NestFastifyApplication,
  options: AppOptions,
  routes: RouteTable,
): void {
  const server = app.getHttpAdapter().getInstance();
  const open = { config: PUBLIC_ROUTE };
  let document: object | undefined;
  let checks: Readiness[] | undefined;
  server.get('/health/live', open, () => ({ status: 'live', service: options.name }));
  server.get('/health/ready', open, async (_request, reply) => {
    checks ??= checksOf(app);
    const reasons = await reasonsOf(checks);
    const { name: service } = options;
    if (reasons.length === 0) return reply.send({ status: 'ready', service });
    throw new Problem(503, 'not_ready', reasons.join('; '), { members: { service, reasons } });
  });
  server.get('/metrics', { config: OPS_ROUTE }, async (_request, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics()),
  );
  server.get('/openapi.json', open, async () => {
    document ??= openApiDocument(app, options.name, routes.routes);
    return options.openApi?.(document) ?? document;
  });
}

// A check that fails is itself a reason: a service that cannot say whether it is ready is not.
async function reasonsOf(checks: readonly Readiness[]): Promise<string[]> {
  try {
    return (await Promise.all(checks.map(async (check) => check.reasons()))).flat();
  } catch (error) {
    return [`readiness cannot be told: ${(error as Error).message}`];
  }
}

// Of every module; `app.get` would log a missing one as an error at each probe.
function checksOf(app: NestFastifyApplication): Readiness[] {
  const modules = [...app.get(ModulesContainer).values()];
  const found = modules.map(({ providers }) => providers.get(Readiness)?.instance);
  return found.filter((one) => one !== undefined) as Readiness[];
}
