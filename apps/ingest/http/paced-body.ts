import type { FastifyRequest } from 'fastify';
import type { Caller } from '#libs/http/auth.js';
import { Problem } from '#libs/http/problem.js';
import type { Clock } from '#libs/time/instant.js';
import { DoorPace, type PaceLimits } from '../domain/door-pace.js';
import { bodyOf } from './events-stream.js';

/** Reads the bodies of both event doors, each key at its pace: one pace for all the doors of a process. */
export class PacedBodies {
  private readonly pace: DoorPace;

  constructor(
    limits: PaceLimits,
    private readonly clock: Clock,
  ) {
    this.pace = new DoorPace(limits);
  }

  /** The body, inflated, and its media type; throws Problem 429 with `retry-after` before a byte of it is read. */
  async read(
    request: FastifyRequest,
    { keyId }: Caller,
  ): Promise<{ readonly bytes: Buffer; readonly media: string }> {
    const wait = this.pace.enter(keyId, this.clock());
    if (wait > 0) throw tooFast(wait);
    const body = await bodyOf(request);
    this.pace.carry(keyId, body.bytes.length, this.clock());
    return body;
  }
}

function tooFast(seconds: number): Problem {
  return new Problem(
    429,
    'too_many_requests',
    `This key sends faster than it may: send all of this again in ${seconds} s, none was taken.`,
    // What is not read of the body must not be taken for the next request.
    { headers: { 'retry-after': String(seconds), connection: 'close' } },
  );
}
