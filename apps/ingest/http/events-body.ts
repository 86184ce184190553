// The body of an event request: counted as it comes, inflated within limits, never parsed here.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Problem } from '#libs/http/problem.js';

const MEBIBYTE = 1_048_576;

export const MAX_BODY_BYTES = 5 * MEBIBYTE;
export const MAX_INFLATED_BYTES = 50 * MEBIBYTE;
export const MAX_RATIO = 20;
/** What inflates to less than this is no bomb, however well it compresses. */
export const HARMLESS_BYTES = MEBIBYTE;
/** How much more of a body that is too large is read and dropped, so that its sender gets to read the answer. */
const DRAINED_BYTES = 64 * MEBIBYTE;

const inflate = promisify(gunzip);

/** Reads and inflates; rejects with Problem 413 above a limit, 415 for another encoding, 400 for broken gzip. */
export async function readBody(stream: Readable, encoding: string | undefined): Promise<Buffer> {
  const coding = (encoding ?? 'identity').trim().toLowerCase();
  if (coding !== 'identity' && coding !== 'gzip')
    throw new Problem(
      415,
      'unsupported_encoding',
      `The content encoding must be gzip or none, not "${coding.slice(0, 64)}".`,
      { headers: { 'accept-encoding': 'gzip' } },
    );
  const body = await collect(stream);
  return coding === 'gzip' ? inflated(body) : body;
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the connection: the answer still has to go out on it.
  const parts = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of parts) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (size > MAX_BODY_BYTES + DRAINED_BYTES) break;
    else chunks.length = 0;
  }
  if (size > MAX_BODY_BYTES) throw tooLarge(`The body has more than ${MAX_BODY_BYTES} bytes.`);
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

async function inflated(body: Buffer): Promise<Buffer> {
  const byRatio = Math.max(HARMLESS_BYTES, body.length * MAX_RATIO);
  const limit = Math.min(MAX_INFLATED_BYTES, byRatio);
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE')
      throw new Problem(400, 'invalid_encoding', 'The body is not gzip, or it ends too early.');
    throw tooLarge(
      `The body inflates beyond ${limit} bytes: at most ${MAX_INFLATED_BYTES} and ${MAX_RATIO} times its size are taken.`,
    );
  }
}

function tooLarge(detail: string): Problem {
  return new Problem(413, 'body_too_large', detail, { headers: { connection: 'close' } });
}
