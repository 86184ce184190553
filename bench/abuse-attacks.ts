// The attacks of the bench `abuse`: what one hostile sender can do to the doors of ingest, each at a rate that is stated.
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { newApiKey } from '../libs/http/api-key.js';
import { benchEvents } from './events.js';

export interface Target {
  readonly url: string;
  /** The hostile sender's own key: valid, usage:write. */
  readonly key: string;
}

/** Answers by status; `0` counts connections that broke, `open` those that are held. */
export type Outcome = Record<string, number>;

export interface RunningAttack {
  stop(): Outcome;
}

interface Sent {
  readonly key: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const NDJSON = 'application/x-ndjson';
const MEBIBYTE = 1_048_576;

/** Each by its name, as `docs/performance.md` shows it. */
export const ATTACKS: Readonly<Record<string, (target: Target) => RunningAttack>> = {
  flood: (target) => {
    const body = Buffer.from(`${benchEvents(1, 9)[0]?.line.toString() ?? ''}\n`);
    return every(target, 1_500, () => ({ key: target.key, body }));
  },
  bombs: (target) => {
    const headers = { 'content-encoding': 'gzip' };
    const small = gzipSync(Buffer.alloc(100 * MEBIBYTE, 10));
    const bodies = [small, deepBomb()];
    let next = 0;
    return every(target, 20, () => ({
      key: target.key,
      body: bodies[next++ % bodies.length] as Buffer,
      headers,
    }));
  },
  slow_bodies: (target) => hold(target, 500, 'x', 1_000),
  idle_connections: (target) => hold(target, 1_000, undefined, 1_000),
  bad_events: (target) => {
    const bad = benchEvents(10_000, 9).map(({ line }) =>
      line.toString().replace('"input":', '"input":-1,"inputs":'),
    );
    const body = Buffer.from(bad.join('\n'));
    return every(target, 20, () => ({ key: target.key, body }));
  },
  wrong_keys: (target) => {
    const body = Buffer.from('{}');
    return every(target, 1_500, () => ({ key: newApiKey().key, body }));
  },
};

// 2.5 MiB that do not compress, then blanks to just above twenty times as much: 50 MiB are inflated before it is refused.
function deepBomb(): Buffer {
  const noise = Buffer.alloc(2.4 * MEBIBYTE);
  for (let at = 0; at < noise.length; at += 1) noise[at] = Math.floor(256 * Math.random());
  return gzipSync(Buffer.concat([noise, Buffer.alloc(60 * MEBIBYTE, 10)]));
}

/** Sends at a rate, whether earlier ones are answered or not, up to 64 at once. */
function every({ url }: Target, perSecond: number, next: () => Sent): RunningAttack {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const outcome: Outcome = {};
  const startedAt = performance.now();
  let [sent, inFlight] = [0, 0];
  const count = (status: number): void => {
    inFlight -= 1;
    outcome[status] = (outcome[status] ?? 0) + 1;
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1_000;
    for (; sent < due; sent += 1) {
      // What a full client does not send now it does not send later.
      if (inFlight >= 64) continue;
      inFlight += 1;
      post(agent, url, next(), count);
    }
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      agent.destroy();
      return outcome;
    },
  };
}

function post(agent: Agent, url: string, sent: Sent, count: (status: number) => void): void {
  const { key, body, headers } = sent;
  const all = {
    authorization: `Bearer ${key}`,
    'content-type': NDJSON,
    'content-length': body.length,
    ...headers,
  };
  let isCounted = false;
  const once = (status: number): void => {
    if (!isCounted) count(status);
    isCounted = true;
  };
  const sending = request(`${url}/v1/events`, { method: 'POST', agent, headers: all }, (answer) => {
    once(answer.statusCode ?? 0);
    answer.resume();
    answer.on('error', () => undefined);
  });
  sending.on('error', () => once(0));
  sending.end(body);
}

/** Keeps so many connections open, on each a request whose body comes a byte a time; without a byte, connections that say nothing. */
function hold(
  { url, key }: Target,
  connections: number,
  byte: string | undefined,
  everyMs: number,
): RunningAttack {
  const { hostname, port } = new URL(url);
  const head = `POST /v1/events HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key}\r\ncontent-type: ${NDJSON}\r\ncontent-length: 1000000\r\n\r\n`;
  const outcome: Outcome = {};
  const open = new Set<Socket>();
  const fill = (): void => {
    while (open.size < connections) {
      const socket = connect(Number(port), hostname);
      open.add(socket);
      if (byte !== undefined) socket.write(head);
      socket.on('error', () => undefined);
      socket.on('data', (answer) => {
        const status = answer.toString('latin1').slice(9, 12);
        outcome[status] = (outcome[status] ?? 0) + 1;
      });
      socket.on('close', () => open.delete(socket));
    }
  };
  const timer = setInterval(() => {
    fill();
    if (byte !== undefined) for (const socket of open) if (socket.writable) socket.write(byte);
  }, everyMs);
  fill();
  return {
    stop: () => {
      clearInterval(timer);
      outcome['open'] = open.size;
      for (const socket of open) socket.destroy();
      return outcome;
    },
  };
}
