// What one sender does to a body costs no other: the neighbour is answered while the hostile one still holds its connection.
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { MESSAGE } from '#libs/testing/usage-message.js';
import { PACE } from '../ingest.module.js';
import { PacedBodies } from '../http/paced-body.js';
import { EventsStand } from './events-stand.js';

const MEBIBYTE = 1_048_576;
const ROOM = { processBytes: 100_000, keyBytes: 60_000, keyBodies: 3 };
const ONE = { 'content-type': 'application/cloudevents+json' };

let stand: EventsStand;
const opened: Socket[] = [];

beforeAll(async () => {
  stand = await EventsStand.start(PACE, ROOM);
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});
afterAll(async () => {
  await stand.stop();
});

interface Sender {
  readonly socket: Socket;
  /** All that came back until now. */
  readonly answer: () => string;
}

/** Sends the head of a request and the beginning of its body. */
function begin(key: string, length: number, body: string | Buffer, headers = ''): Sender {
  const { hostname, port } = new URL(stand.url);
  const socket = connect(Number(port), hostname);
  opened.push(socket);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(
    `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/x-ndjson\r\n` +
      `${headers}content-length: ${length}\r\n\r\n`,
  );
  socket.write(body);
  return { socket, answer: () => answer };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Connections that the server knows of. */
const connections = async (): Promise<number> => {
  const server: Server = stand.app.getHttpServer();
  return promisify(server.getConnections.bind(server))();
};
const held = (): number => stand.app.get(PacedBodies, { strict: false }).heldBytes;
const good = async () => stand.post('/v1/events', JSON.stringify(MESSAGE), ONE);

describe('a slow body', () => {
  it('holds what came of it and no neighbour up, and is taken when it is whole', async () => {
    const key = stand.key('usage:write', 'org_acme');
    const line = `${JSON.stringify({ ...MESSAGE, id: 'slow-1' })}\n`;
    const slow = begin(key, line.length, line.slice(0, 100));
    await until(() => held() === 100);
    expect((await good()).status).toBe(202);
    expect(slow.answer()).toBe('');
    slow.socket.write(line.slice(100));
    await until(() => slow.answer().includes('"accepted":1'));
    await until(() => held() === 0);
  });

  it('is 429 when a key has too many of them, and no other key’s', async () => {
    const key = stand.key('usage:write', 'org_acme');
    for (let count = 1; count <= ROOM.keyBodies; count += 1) {
      begin(key, 1_000, 'x');
      await until(() => held() === count);
    }
    const more = begin(key, 1_000, 'x');
    await until(() => more.answer().includes('too_many_bodies'));
    expect(more.answer()).toMatch(/^HTTP\/1\.1 429 [^]*retry-after: 1\r\n/);
    expect((await good()).status).toBe(202);
  });

  it('gives its room back when its sender goes away', async () => {
    const slow = begin(stand.key('usage:write', null), 1_000, 'x'.repeat(500));
    await until(() => held() === 500);
    slow.socket.destroy();
    await until(() => held() === 0);
    expect(slow.answer()).toBe('');
  });
});

describe('a body whose sender goes away when it is sent', () => {
  const line = `${JSON.stringify({ ...MESSAGE, id: 'gone-1' })}\n`;

  /** Lets appends wait until `release`; `waiting` is how many do. */
  function holdLog() {
    const { log } = stand;
    const append = log.append.bind(log);
    const state = { waiting: 0, release: (): void => undefined };
    const released = new Promise<void>((resolve) => (state.release = resolve));
    log.append = async (...given) => {
      state.waiting += 1;
      await released;
      log.append = append;
      return append(...given);
    };
    return state;
  }

  it('holds its room until the log has answered for it', async () => {
    const log = holdLog();
    const gone = begin(stand.key('usage:write', 'org_acme'), line.length, line);
    await until(() => log.waiting === 1);
    const all = await connections();
    gone.socket.destroy();
    await until(async () => (await connections()) < all);
    expect(held()).toBe(line.length);
    log.release();
    await until(() => held() === 0);
  });

  it('holds nothing in the end when it was being inflated', async () => {
    const packed = gzipSync(line.repeat(100));
    const key = stand.key('usage:write', 'org_acme');
    for (let count = 0; count < 20; count += 1) {
      const { socket } = begin(key, packed.length, packed, 'content-encoding: gzip\r\n');
      socket.end(() => socket.destroy());
      await new Promise((resolve) => socket.once('close', resolve));
      await until(() => held() === 0);
    }
    expect((await good()).status).toBe(202);
  });
});

describe('a body above what there is room for', () => {
  it('is 429 above the room of its key and 503 above that of the process', async () => {
    const keys = [stand.key('usage:write', null), stand.key('usage:write', null)] as const;
    begin(keys[0], 55_000, 'x'.repeat(50_000));
    await until(() => held() === 50_000);
    // By what they announce, before a byte of them is read.
    const other = begin(keys[1], 55_000, '');
    await until(() => other.answer().includes('"no_room"'));
    expect(other.answer()).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 1\r\n/);
    const more = begin(keys[0], 11_000, '');
    await until(() => more.answer().includes('too_many_bodies'));
    expect(held()).toBe(50_000);
    expect((await good()).status).toBe(202);
  });
});

describe('a body that is too large', () => {
  it('is answered by its length, read past for a while and then cut off', async () => {
    const key = stand.key('usage:write', null);
    const { socket, answer } = begin(key, 1_024 * MEBIBYTE, '');
    await until(() => answer().includes('body_too_large'));
    expect(answer()).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = Buffer.alloc(MEBIBYTE);
    let sent = 0;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    while (!socket.destroyed && sent < 1_024) {
      sent += 1;
      const drained = new Promise((resolve) => socket.once('drain', resolve));
      if (!socket.write(chunk)) await Promise.race([drained, closed]);
    }
    // 16 MiB that are read past, and what the kernel's buffers hold.
    expect(sent).toBeLessThan(64);
    expect((await good()).status).toBe(202);
  });
});

describe('a gzip bomb', () => {
  it('costs its neighbours no answer and holds nothing', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * MEBIBYTE, 10));
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const bombs = Array.from({ length: 8 }, async () => {
      const authorization = `Bearer ${stand.key('usage:write', null)}`;
      return stand.post('/v1/events', bomb, { ...headers, authorization });
    });
    const neighbours = Array.from({ length: 8 }, good);
    const statuses = (await Promise.all(bombs)).map(({ status }) => status);
    for (const status of statuses) expect([413, 503]).toContain(status);
    expect(statuses).toContain(413);
    expect((await Promise.all(neighbours)).map(({ status }) => status)).toEqual(Array(8).fill(202));
    await until(() => held() === 0);
  });
});
