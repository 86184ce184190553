// What every service's document says alike: the problem schema and the routes of the platform.
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from './dto-schemas.js';

const TEXT = { type: 'string' } as const;
const FIELD_ERROR: Schema = {
  type: 'object',
  required: ['pointer', 'code', 'detail'],
  properties: {
    pointer: { ...TEXT, description: 'A JSON pointer into the body, or ?name for a parameter' },
    code: TEXT,
    detail: TEXT,
  },
};

/** RFC 9457. */
export const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  required: ['type', 'code', 'title', 'status', 'detail', 'instance', 'errors'],
  properties: {
    type: { ...TEXT, format: 'uri' },
    code: TEXT,
    title: TEXT,
    status: { type: 'integer' },
    detail: TEXT,
    instance: TEXT,
    errors: { type: 'array', items: FIELD_ERROR },
  },
};

const open = (operationId: string, summary: string, mediaType = 'application/json'): Schema => ({
  get: {
    operationId,
    summary,
    tags: ['Platform'],
    security: [],
    responses: {
      200: { description: 'OK', content: { [mediaType]: { schema: {} } } },
      default: {
        description: 'What was wrong',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  },
});

// Anyone on this machine may scrape; from elsewhere a key with `ops` is needed.
function metrics(): Schema {
  const { get } = open('metrics', 'Prometheus metrics', 'text/plain') as { get: object };
  return { get: { ...get, security: [{}, { key: [] }], 'x-required-scope': ['ops'] } };
}

export const PLATFORM_PATHS = {
  '/health/live': open('live', 'The process answers'),
  '/health/ready': open('ready', 'The service serves well; else 503 with its reasons'),
  '/metrics': metrics(),
  '/openapi.json': open('openapi', 'This document'),
} as unknown as OpenAPIObject['paths'];
