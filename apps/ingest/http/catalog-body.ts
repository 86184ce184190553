// A catalog document reaches its route as the bytes that were sent, JSON or YAML: they are what is published.
import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CATALOG_MEDIA_TYPES } from '#libs/events/catalog-fact.js';
import { Problem } from '#libs/http/problem.js';
import { shownMedia } from '#libs/http/shown-media.js';
import type { SentDocument } from '../store/catalog-faults.js';

const ROUTE = '/v1/catalog';
const RAW = 'application/vnd.meterbook.catalog';
// Base64 of it and its envelope have to fit in one record of the log (900 KiB).
const MAX_DOCUMENT_BYTES = 600 * 1_024;

const sentTypes = new WeakMap<IncomingMessage, string>();

/** Gets documents past the JSON parser, which would lose their bytes. */
@Injectable()
export class CatalogBodies implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const options = { parseAs: 'buffer', bodyLimit: MAX_DOCUMENT_BYTES } as const;
    server.addContentTypeParser(RAW, options, (_request, body, done) => {
      done(null, body);
    });
    server.addHook('onRequest', (request, _reply, done) => {
      if (request.routeOptions.url === ROUTE && request.method === 'POST') {
        sentTypes.set(request.raw, request.headers['content-type'] ?? '');
        request.raw.headers['content-type'] = RAW;
      }
      done();
    });
  }
}

/** The document of a request; Problem 415 when it is neither JSON nor YAML by its media type. */
export function sentDocument(request: FastifyRequest): SentDocument {
  const media = (sentTypes.get(request.raw) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const mediaType = CATALOG_MEDIA_TYPES.find((type) => type === media);
  if (!mediaType)
    throw new Problem(
      415,
      'unsupported_media_type',
      `A catalog comes as ${CATALOG_MEDIA_TYPES.join(' or ')}, not as ${shownMedia(media)}.`,
      { headers: { 'accept-post': CATALOG_MEDIA_TYPES.join(', ') } },
    );
  return { bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), mediaType };
}
