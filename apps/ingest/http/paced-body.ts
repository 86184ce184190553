import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '#libs/http/auth.js';
import { Problem } from '#libs/http/problem.js';
import type { Clock } from '#libs/time/instant.js';
import { BodyPlace, BodyRoom, type RoomLimits } from '../domain/body-room.js';
import { DoorPace, type PaceLimits } from '../domain/door-pace.js';
import { noRoom, readBody } from './events-body.js';

const MEBIBYTE = 1_048_576;

/** A key has room for one body of 5 MiB that inflates to 50, the process for two and more. */
export const ROOM: RoomLimits = {
  processBytes: 128 * MEBIBYTE,
  keyBytes: 64 * MEBIBYTE,
  keyBodies: 512,
};

/** What was inflated in vain counts three times: nothing came of it, and the key may do it again. */
const WASTE = 3;
/** So many refused events count as a request: a key that sends nothing else is held to 50,000 a second. */
const REFUSED_EVENTS = 10;
/** Of a body up to this size the connection is kept: what is not read of it is read past. */
const SMALL_BODY = 262_144;

/** Reads the bodies of both event doors, each key at its pace and within its room: one of it for all the doors of a process. */
export class PacedBodies {
  private readonly pace: DoorPace;
  private readonly room: BodyRoom;

  constructor(
    limits: PaceLimits,
    private readonly clock: Clock,
    room: RoomLimits = ROOM,
  ) {
    this.pace = new DoorPace(limits);
    this.room = new BodyRoom(room);
  }

  /** Bytes of bodies that are worked on. */
  get heldBytes(): number {
    return this.room.bytes;
  }

  /** Takes one request of a key; throws Problem 429 with `retry-after` before a byte of its body is read. */
  enter(request: FastifyRequest, { keyId }: Caller): void {
    const wait = this.pace.enter(keyId, this.clock());
    if (wait > 0) throw tooFast(wait, lengthOf(request));
  }

  /** Counts refused events against the pace of their key; they hold back the requests after it. */
  refused({ keyId }: Caller, events: number): void {
    if (events > 0) this.pace.waste(keyId, Math.floor(events / REFUSED_EVENTS), this.clock());
  }

  /**
   * Works on the body, inflated. What it holds of the room is given back when the work is done and the answer is out, whichever
   * is later: work goes on when its sender has gone away. Throws Problem as `readBody` does.
   */
  async work<Result>(
    request: FastifyRequest,
    reply: FastifyReply,
    { keyId }: Caller,
    work: (bytes: Buffer) => Promise<Result>,
  ): Promise<Result> {
    const place = this.room.enter(keyId);
    if (!(place instanceof BodyPlace)) throw noRoom(place);
    try {
      const bytes = await readBody({
        stream: request.raw,
        encoding: request.headers['content-encoding'],
        length: lengthOf(request),
        place,
        wasted: (inflated) => this.pace.carry(keyId, WASTE * inflated, this.clock()),
      });
      this.pace.carry(keyId, bytes.length, this.clock());
      return await work(bytes);
    } finally {
      if (reply.raw.destroyed) place.leave();
      else reply.raw.once('close', () => place.leave());
    }
  }
}

function lengthOf({ headers }: FastifyRequest): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

function tooFast(seconds: number, length = Number.POSITIVE_INFINITY): Problem {
  const headers: Record<string, string> = { 'retry-after': String(seconds) };
  if (length > SMALL_BODY) headers['connection'] = 'close';
  return new Problem(
    429,
    'too_many_requests',
    `This key sends faster than it may: send all of this again in ${seconds} s, none was taken.`,
    { headers },
  );
}
