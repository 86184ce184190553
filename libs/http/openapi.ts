// The OpenAPI 3.1 document of an app: routes from Nest's metadata (@nestjs/swagger), schemas from the DTOs' validation rules.
import 'reflect-metadata';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { scopesOf } from './auth.js';
import { descriptionOf } from './fields.js';

type Schema = Record<string, unknown>;
interface Operation {
  operationId?: string;
  parameters?: Schema[];
  responses?: Record<string, unknown>;
  security?: unknown[];
  requestBody?: unknown;
}

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const PROBLEM: Schema = {
  type: 'object',
  required: ['type', 'code', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    code: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

/** Describes every route of the app; throws when a route says neither which scope it needs nor that it is public. */
export function openApiDocument(app: NestFastifyApplication, name: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(`Meterbook ${name}`)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: mb_…' }, 'key')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  const dtoSchemas = validationMetadatasToSchemas({ refPointerPrefix: '#/components/schemas/' });
  document.components = {
    ...document.components,
    schemas: { ...dtoSchemas, Problem: PROBLEM },
  };
  const handlers = handlersOf(app);
  for (const operation of operationsOf(document)) {
    const handler = handlers.get(operation.operationId ?? '');
    if (handler) complete(operation, handler, dtoSchemas as Record<string, Schema>);
  }
  return document;
}

interface Handler {
  readonly method: object;
  readonly controller: object;
  readonly query: (new () => object) | undefined;
  readonly body: (new () => object) | undefined;
}

const operationIdFactory = (controller: string, method: string): string =>
  `${controller}_${method}`;

function complete(operation: Operation, handler: Handler, schemas: Record<string, Schema>): void {
  const scopes = scopesOf(handler.method, handler.controller);
  operation.security = scopes === undefined ? [] : [{ key: [] }];
  operation.responses = { ...operation.responses, default: problemAnswer() };
  const known = new Set((operation.parameters ?? []).map((parameter) => parameter['name']));
  const fields = handler.query ? (schemas[handler.query.name] ?? {}) : {};
  const properties = (fields['properties'] ?? {}) as Record<string, Schema>;
  const required = new Set((fields['required'] ?? []) as string[]);
  const own = (operation.parameters ?? []).filter((parameter) => parameter['in'] !== 'query');
  const queries = Object.entries(properties)
    .filter(([property]) => !known.has(property) || handler.query)
    .map(([property, schema]) => ({
      name: property,
      in: 'query',
      required: required.has(property),
      schema,
      ...(handler.query && {
        description: descriptionOf(handler.query.prototype as object, property),
      }),
    }));
  operation.parameters = [...own, ...queries];
  if (handler.body && schemas[handler.body.name])
    operation.requestBody = {
      required: true,
      content: {
        'application/json': { schema: { $ref: `#/components/schemas/${handler.body.name}` } },
      },
    };
}

function problemAnswer(): Schema {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description: 'What was wrong', content: { 'application/problem+json': { schema } } };
}

function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.values(document.paths).flatMap((path) =>
    VERBS.flatMap((verb) => (path[verb] ? [path[verb] as unknown as Operation] : [])),
  );
}

// Nest keeps the kind of each parameter (3: body, 4: query) and its class under these keys.
function handlersOf(app: NestFastifyApplication): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) {
      const controller = metatype as { name: string; prototype: Record<string, object> };
      for (const name of Object.getOwnPropertyNames(controller.prototype)) {
        const method = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value as
          object | undefined;
        if (!method || Reflect.getMetadata('method', method) === undefined) continue;
        handlers.set(`${controller.name}_${name}`, {
          method,
          controller,
          query: parameterClass(controller, name, 4),
          body: parameterClass(controller, name, 3),
        });
      }
    }
  return handlers;
}

function parameterClass(
  controller: { prototype: object },
  name: string,
  kind: number,
): (new () => object) | undefined {
  const args = (Reflect.getMetadata('__routeArguments__', controller, name) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype, name) ??
    []) as (new () => object)[];
  const found = Object.entries(args).find(
    ([key, { data }]) => key.startsWith(`${kind}:`) && data === undefined,
  );
  const type = found && types[found[1].index];
  return type && ![Object, String, Array, Buffer].includes(type as never) ? type : undefined;
}

/** Fails the start when a route says neither which scope it needs nor that it is public. */
export function assertRoutesAreGuarded(app: NestFastifyApplication): void {
  for (const { method, controller } of handlersOf(app).values()) scopesOf(method, controller);
}
