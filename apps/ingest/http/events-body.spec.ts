import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Problem } from '#libs/http/problem.js';
import { BodyPlace, BodyRoom } from '../domain/body-room.js';
import { type BodyRequest, MAX_BODY_BYTES, readBody } from './events-body.js';

const MEBIBYTE = 1_048_576;

function stand(limits = { processBytes: 128 * MEBIBYTE, keyBytes: 64 * MEBIBYTE, keyBodies: 9 }) {
  const room = new BodyRoom(limits);
  const told = { wasted: 0 };
  const read = async (stream: Readable, more: Partial<BodyRequest> = {}): Promise<string> => {
    const place = room.enter('key') as BodyPlace;
    const wasted = (bytes: number): void => void (told.wasted += bytes);
    const common = { stream, encoding: undefined, length: undefined, place, wasted };
    try {
      return `${(await readBody({ ...common, ...more })).length} bytes`;
    } catch (error) {
      const { status, code } = error as Problem;
      return `${status} ${code}`;
    } finally {
      place.leave();
    }
  };
  return { room, told, read };
}

/** Chunks of 64 KiB without end, counted. */
function endless(): { stream: Readable; pulled: () => number } {
  let bytes = 0;
  const stream = new Readable({
    read() {
      bytes += 65_536;
      this.push(Buffer.alloc(65_536, 10));
    },
  });
  return { stream, pulled: () => bytes };
}

describe('the body of an event request', () => {
  it('is refused at 5 MiB and read no further, whoever sends without end', async () => {
    const { room, read } = stand();
    const { stream, pulled } = endless();
    expect(await read(stream)).toBe('413 body_too_large');
    // One chunk that was too much, and what a stream reads ahead.
    expect(pulled()).toBeLessThanOrEqual(MAX_BODY_BYTES + 4 * 65_536);
    expect(room.bytes).toBe(0);
  });

  it('is refused by its length alone, before a byte is read', async () => {
    const { stream, pulled } = endless();
    expect(await stand().read(stream, { length: MAX_BODY_BYTES + 1 })).toBe('413 body_too_large');
    expect(pulled()).toBe(0);
  });

  it.each([
    // zeros, bytes that were inflated in vain
    [30 * MEBIBYTE, MEBIBYTE],
    [400 * MEBIBYTE, Math.min(50 * MEBIBYTE, 20 * gzipSync(Buffer.alloc(400 * MEBIBYTE)).length)],
  ])('that is a bomb of %d bytes is given up after %d', async (zeros, inflated) => {
    const { told, room, read } = stand();
    const bomb = gzipSync(Buffer.alloc(zeros));
    expect(await read(Readable.from([bomb]), { encoding: 'gzip' })).toBe('413 body_too_large');
    expect(told.wasted).toBe(inflated);
    expect(room.bytes).toBe(0);
  });

  it.each([
    // process, key, bytes   answer
    [100, 60, 60, '60 bytes'],
    [100, 60, 61, '429 too_many_bodies'],
    [50, 60, 51, '503 no_room'],
  ])('with room for %d and %d of a key, %d bytes: %s', async (processBytes, keyBytes, size, to) => {
    const { room, read } = stand({ processBytes, keyBytes, keyBodies: 1 });
    expect(await read(Readable.from([Buffer.alloc(size)]))).toBe(to);
    expect(room.bytes).toBe(0);
  });

  it('counts inflated too', async () => {
    const { read } = stand({ processBytes: 2_000, keyBytes: 1_000, keyBodies: 1 });
    const body = (size: number) => Readable.from([gzipSync(Buffer.alloc(size, 10))]);
    expect(await read(body(900), { encoding: 'gzip' })).toBe('900 bytes');
    expect(await read(body(1_001), { encoding: 'gzip' })).toBe('429 too_many_bodies');
  });

  it.each<[string, (stream: Readable) => void]>([
    ['falls silent', () => undefined],
    ['breaks off', (stream) => void stream.destroy()],
    ['breaks off by an error', (stream) => void stream.destroy(new Error('aborted'))],
  ])('that %s is given up', async (_how, end) => {
    const stream = new Readable({ read: () => undefined });
    stream.push(Buffer.alloc(10));
    setImmediate(() => end(stream));
    expect(await stand().read(stream, { silenceMs: 50 })).toBe('408 body_incomplete');
  });

  it('that broke off before anyone read it is given up at once', async () => {
    const stream = new Readable({ read: () => undefined }).destroy();
    expect(await stand().read(stream, { silenceMs: 60_000 })).toBe('408 body_incomplete');
  });
});
