// The OpenAPI 3.1 document of an app: routes from Nest's metadata (@nestjs/swagger), keys from the routes' own facts, schemas from
// the DTOs' validation rules.
import { STATUS_CODES } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { allSchemas, bodySchemas, parametersOf, REFERENCE, type Schema } from './dto-schemas.js';
import { describedAnswers, describedBody, type NamedSchemas } from './openapi-described.js';
import { PLATFORM_PATHS, PROBLEM_SCHEMA } from './openapi-platform.js';
import type { RouteFacts } from './route-facts.js';
import { type RouteShape, shapeOf } from './route-shape.js';
import type { Route } from './route-table.js';

interface Operation {
  parameters?: Schema[];
  responses?: Record<string, { description?: string }>;
  security?: unknown[];
  requestBody?: unknown;
  [extension: `x-${string}`]: unknown;
}

const IDEMPOTENCY_KEY: Schema = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description: 'The same key and body replays the first answer, for 7 days.',
  schema: { type: 'string', pattern: '^[!-~]{8,128}$' },
};

/** Describes every route of the app. */
export function openApiDocument(
  app: NestFastifyApplication,
  name: string,
  routes: readonly Route[],
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(`Meterbook ${name}`)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: mb_…' }, 'key')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller}_${method}`,
  });
  const all = allSchemas();
  const bodies = routes.flatMap(({ facts }) => {
    const dto = facts.handler && shapeOf(facts.handler).bodyDto;
    return dto ? [dto] : [];
  });
  const named: NamedSchemas = {};
  for (const route of routes) {
    const operation = operationOf(document, route);
    if (operation) complete(operation, route, { all, named });
  }
  document.components = {
    ...document.components,
    schemas: { ...named, ...bodySchemas(bodies, all), Problem: PROBLEM_SCHEMA },
  };
  Object.assign(document.paths, PLATFORM_PATHS);
  return document;
}

function operationOf(document: OpenAPIObject, { method, path }: Route): Operation | undefined {
  const item = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')] as
    Record<string, Operation> | undefined;
  return item?.[method.toLowerCase()];
}

function complete(
  operation: Operation,
  { path, facts }: Route,
  { all, named }: { readonly all: ReturnType<typeof allSchemas>; readonly named: NamedSchemas },
): void {
  const shape = facts.handler && shapeOf(facts.handler);
  if (!shape) return;
  addAccess(operation, facts);
  operation.parameters = [
    ...pathParameters(path, operation.parameters ?? []),
    ...queryParameters(shape, operation.parameters ?? [], all),
    ...(facts.idempotent ? [IDEMPOTENCY_KEY] : []),
  ];
  if (shape.bodyDto) {
    const schema = { $ref: REFERENCE + shape.bodyDto.name };
    operation.requestBody = { required: true, content: { 'application/json': { schema } } };
  }
  operation.requestBody ??= describedBody(facts, named);
  operation.responses = { ...operation.responses, ...describedAnswers(facts, named) };
  for (const [status, answer] of Object.entries(operation.responses))
    answer.description ||= STATUS_CODES[status] ?? 'An answer';
  operation.responses['default'] = problemAnswer();
}

function addAccess(operation: Operation, { access }: RouteFacts): void {
  operation.security = access === 'public' ? [] : [{ key: [] }];
  if (access !== 'public') operation['x-required-scope'] = access;
}

// A DTO of path parameters is unknown to Nest's own document: each name of the path is described anyway.
function pathParameters(path: string, given: readonly Schema[]): Schema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const known = given.find(
      (parameter) => parameter['in'] === 'path' && parameter['name'] === name,
    );
    return known ?? { name, in: 'path', required: true, schema: { type: 'string' } };
  });
}

function queryParameters(
  shape: RouteShape,
  given: readonly Schema[],
  all: ReturnType<typeof allSchemas>,
): Schema[] {
  const own = shape.queryDtos.flatMap((dto) => parametersOf(dto, all));
  const names = new Set(own.map(({ name }) => name));
  const single = given.filter(
    (parameter) =>
      parameter['in'] === 'query' &&
      !names.has(parameter['name']) &&
      shape.query?.has(String(parameter['name'])),
  );
  return [...own, ...single];
}

function problemAnswer(): { description: string } & Schema {
  const schema = { $ref: `${REFERENCE}Problem` };
  return { description: 'What was wrong', content: { 'application/problem+json': { schema } } };
}
