// Gets the untouched byte stream of an event request past Fastify's body parsers: the guard has then looked at the key before
// a byte of the body is read, and `application/json` stays a parsed body on every other route.
import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readBody } from './events-body.js';
import { mediaType } from './events-media.js';

const ROUTES: ReadonlySet<string | undefined> = new Set(['/v1/events', '/api/v1/events']);
const STREAM = 'application/vnd.meterbook.stream';
const sentTypes = new WeakMap<IncomingMessage, string>();

/** Makes the bodies of both doors streams, whatever their content type. */
@Injectable()
export class EventStreams implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addContentTypeParser(STREAM, (_request, payload, done) => {
      done(null, payload);
    });
    server.addHook('onRequest', (request, _reply, done) => {
      if (ROUTES.has(request.routeOptions.url) && request.method === 'POST') rename(request.raw);
      done();
    });
  }
}

/** The whole body, inflated, and the media type that it was sent as. */
export async function bodyOf(
  request: FastifyRequest,
): Promise<{ readonly bytes: Buffer; readonly media: string }> {
  const media = mediaType(sentTypes.get(request.raw));
  return { bytes: await readBody(request.raw, request.headers['content-encoding']), media };
}

function rename(request: IncomingMessage): void {
  sentTypes.set(request, request.headers['content-type'] ?? '');
  request.headers['content-type'] = STREAM;
}
