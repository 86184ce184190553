// The body of an event request: counted as it comes, inflated within limits, never parsed here.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Problem } from '#libs/http/problem.js';
import { Semaphore } from '#libs/log/semaphore.js';
import type { BodyPlace, Full } from '../domain/body-room.js';

const MEBIBYTE = 1_048_576;

export const MAX_BODY_BYTES = 5 * MEBIBYTE;
export const MAX_INFLATED_BYTES = 50 * MEBIBYTE;
export const MAX_RATIO = 20;
/** What inflates to less than this is no bomb, however well it compresses. */
export const HARMLESS_BYTES = MEBIBYTE;
/** A body of which nothing more comes for so long is given up. */
export const SILENCE_MS = 10_000;

const inflate = promisify(gunzip);
/** 50 MiB take a core 0.1 s: large bodies are inflated one after the other, small ones wait for none of them. */
const large = new Semaphore(1);

export interface BodyRequest {
  readonly stream: Readable;
  readonly encoding: string | undefined;
  /** As the header says; undefined for a chunked body. */
  readonly length: number | undefined;
  readonly place: BodyPlace;
  /** Told of bytes that were inflated in vain. */
  readonly wasted: (bytes: number) => void;
  readonly silenceMs?: number;
}

/**
 * Reads and inflates. Rejects with Problem 413 above a limit (at once where the header says so), 415 for another encoding, 400 for
 * broken gzip or a body that ends too early, 408 for one that falls silent, 429 and 503 where there is no room for it.
 */
export async function readBody(request: BodyRequest): Promise<Buffer> {
  const coding = (request.encoding ?? 'identity').trim().toLowerCase();
  if (coding !== 'identity' && coding !== 'gzip')
    throw new Problem(
      415,
      'unsupported_encoding',
      `The content encoding must be gzip or none, not "${coding.slice(0, 64)}".`,
      { headers: { 'accept-encoding': 'gzip' } },
    );
  if ((request.length ?? 0) > MAX_BODY_BYTES) throw bodyTooLarge();
  // What has no room now is not read at all, and its connection is closed: it may be megabytes.
  const full = request.place.fullFor(request.length ?? 0);
  if (full !== undefined) throw noRoom(full, { connection: 'close' });
  const body = await collect(request);
  return coding === 'gzip' ? inflated(body, request) : body;
}

// By its events: an iterator could not be left while a slow sender lets it wait.
async function collect({ stream, place, silenceMs = SILENCE_MS }: BodyRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    if (stream.destroyed) {
      reject(tooEarly());
      return;
    }
    const refuse = (problem: Problem): void => {
      clearTimeout(silence);
      stream.off('data', take);
      stream.pause();
      reject(problem);
    };
    const silence = setTimeout(() => refuse(tooEarly()), silenceMs);
    const take = (chunk: Buffer): void => {
      silence.refresh();
      size += chunk.length;
      const full = size > MAX_BODY_BYTES ? undefined : place.take(chunk.length);
      if (size > MAX_BODY_BYTES) refuse(bodyTooLarge());
      else if (full === undefined) chunks.push(chunk);
      else refuse(noRoom(full));
    };
    stream.on('data', take);
    stream.on('error', () => refuse(tooEarly()));
    stream.once('close', () => refuse(tooEarly()));
    stream.once('end', () => {
      clearTimeout(silence);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
  });
}

async function inflated(body: Buffer, { place, wasted }: BodyRequest): Promise<Buffer> {
  const byRatio = Math.max(HARMLESS_BYTES, body.length * MAX_RATIO);
  const limit = Math.min(MAX_INFLATED_BYTES, byRatio);
  const work = async (): Promise<Buffer> => inflate(body, { maxOutputLength: limit });
  try {
    const whole = await (limit <= HARMLESS_BYTES ? work() : large.run(work));
    const full = place.take(whole.length);
    if (full !== undefined) throw noRoom(full);
    return whole;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE')
      throw new Problem(400, 'invalid_encoding', 'The body is not gzip, or it ends too early.');
    wasted(limit);
    throw tooLarge(
      `The body inflates beyond ${limit} bytes: at most ${MAX_INFLATED_BYTES} and ${MAX_RATIO} times its size are taken.`,
    );
  }
}

/** 429 where the key has no room left, 503 where the process has none. */
export function noRoom(full: Full, more: Readonly<Record<string, string>> = {}): Problem {
  const headers = { 'retry-after': '1', ...more };
  if (full === 'process') return new Problem(503, 'no_room', NO_ROOM, { headers });
  return new Problem(429, 'too_many_bodies', TOO_MANY, { headers });
}

const NO_ROOM = 'There is no room for this body now: send all of it again, none was taken.';
const TOO_MANY =
  'This key sends more at once than there is room for: send all of this again when others of its requests are answered.';

function bodyTooLarge(): Problem {
  return tooLarge(`The body has more than ${MAX_BODY_BYTES} bytes.`);
}

function tooLarge(detail: string): Problem {
  return new Problem(413, 'body_too_large', detail);
}

function tooEarly(): Problem {
  return new Problem(
    408,
    'body_incomplete',
    'The body broke off, or nothing more of it came for too long: send all of it again.',
    { headers: { connection: 'close' } },
  );
}
