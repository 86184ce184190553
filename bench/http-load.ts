// A closed-loop load of prepared bodies over kept-alive connections; node:http, since fetch costs more than the server under test.
import { Agent, request } from 'node:http';
import { pause } from '../libs/stack/children.js';

export interface LoadOptions {
  readonly url: string;
  readonly key: string;
  readonly bodies: readonly Buffer[];
  readonly connections: number;
}

/** A log that is busy is asked again as a client would, this often: one that has just begun takes its time over the first records. */
const TRIES = 20;

/** Posts every body as NDJSON, again after a 503, as its answer says; throws at the first other answer that is not 202. */
export async function postAll(options: LoadOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < options.bodies.length) {
      const body = options.bodies[next] as Buffer;
      next += 1;
      const { status, text } = await postPatiently(agent, options, body);
      if (status !== 202) throw new Error(`the door answered ${status}: ${text.slice(0, 300)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.connections }, worker));
  } finally {
    agent.destroy();
  }
}

async function postPatiently(
  agent: Agent,
  options: LoadOptions,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  for (let left = TRIES; ; left -= 1) {
    const answer = await post(agent, options, body);
    if (answer.status !== 503 || left === 0) return answer;
    await pause(1_000);
  }
}

async function post(
  agent: Agent,
  { url, key }: LoadOptions,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/x-ndjson',
      'content-length': body.length,
    };
    const sending = request(`${url}/v1/events`, { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      answer.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** NDJSON bodies of `size` lines. */
export function ndjsonBodies(lines: readonly Buffer[], size: number): Buffer[] {
  const newline = Buffer.from('\n');
  const bodies: Buffer[] = [];
  for (let first = 0; first < lines.length; first += size)
    bodies.push(Buffer.concat(lines.slice(first, first + size).flatMap((line) => [line, newline])));
  return bodies;
}
