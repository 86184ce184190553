// Gets the untouched byte stream of an event request past Fastify's body parsers, and holds a key to its pace: both before a byte of
// the body is read and before Nest is asked. `application/json` stays a parsed body on every other route.
import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, callerOf } from '#libs/http/auth.js';
import { mediaType } from './events-media.js';
import { PacedBodies } from './paced-body.js';

const ROUTES: ReadonlySet<string | undefined> = new Set(['/v1/events', '/api/v1/events']);
const STREAM = 'application/vnd.meterbook.stream';
const sentTypes = new WeakMap<IncomingMessage, string>();

/** Makes the bodies of both doors streams, whatever their content type. */
@Injectable()
export class EventStreams implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly bodies: PacedBodies,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addContentTypeParser(STREAM, (_request, payload, done) => {
      done(null, payload);
    });
    server.addHook('preParsing', (request, _reply, payload, done) => {
      if (!ROUTES.has(request.routeOptions.url) || request.method !== 'POST') {
        done(null, payload);
        return;
      }
      // The key was checked: this hook comes after those of `onRequest`.
      const caller = callerOf(request);
      if (caller) this.bodies.enter(request, caller);
      rename(request.raw);
      done(null, payload);
    });
  }

  /** Works on the whole body, inflated, and the media type that it was sent as. */
  async work<Result>(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    work: (bytes: Buffer, media: string) => Promise<Result>,
  ): Promise<Result> {
    const media = mediaType(sentTypes.get(request.raw));
    return this.bodies.work(request, reply, caller, async (bytes) => work(bytes, media));
  }

  /** Notes how many events of a request were refused: they count against the pace of their key. */
  refused(caller: Caller, events: number): void {
    this.bodies.refused(caller, events);
  }
}

function rename(request: IncomingMessage): void {
  sentTypes.set(request, request.headers['content-type'] ?? '');
  request.headers['content-type'] = STREAM;
}
