// Gets the untouched byte stream of an event request past Fastify's body parsers: the guard has then looked at the key before
// a byte of the body is read, and `application/json` stays a parsed body on every other route.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readBody } from './events-body.js';
import { mediaType } from './events-media.js';

const STREAM = 'application/vnd.meterbook.stream';
const sentTypes = new WeakMap<IncomingMessage, string>();

/** Makes these routes' bodies streams, whatever their content type; call it before the server listens. */
export function streamBodies(server: FastifyInstance, routes: readonly string[]): void {
  server.addContentTypeParser(STREAM, (_request, payload, done) => done(null, payload));
  server.addHook('onRequest', (request, _reply, done) => {
    if (routes.includes(request.routeOptions.url ?? '')) {
      const { headers } = request.raw;
      sentTypes.set(request.raw, headers['content-type'] ?? '');
      headers['content-type'] = STREAM;
    }
    done();
  });
}

/** The whole body, inflated, and the media type that it was sent as. */
export async function bodyOf(
  request: FastifyRequest,
): Promise<{ readonly bytes: Buffer; readonly media: string }> {
  const media = mediaType(sentTypes.get(request.raw));
  return { bytes: await readBody(request.raw, request.headers['content-encoding']), media };
}
