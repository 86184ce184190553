// A load of POST requests over kept-alive sockets, each with one request in flight. Written on bare sockets: node:http costs more
// than the server under test on the same two cores.
import { connect, type Socket } from 'node:net';
import { percentile } from './measure.js';

export interface RawLoad {
  readonly url: string;
  readonly path: string;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  /** application/json unless given. */
  readonly contentType?: string;
  /** The JSON of the n-th request, from 0. */
  readonly bodyOf: (n: number) => string;
  /** Requests a second over all connections; undefined: as many as go. With it, a latency counts from when the request was due. */
  readonly perSecond?: number;
}

export interface RawResult {
  /** Answers. */
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** Runs the load to its end; rejects when a connection breaks. */
export async function rawLoad(load: RawLoad): Promise<RawResult> {
  const startedAt = performance.now();
  const run = new Run(load, startedAt);
  await Promise.all(Array.from({ length: load.connections }, async (_, n) => run.connection(n)));
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    count: run.latencies.length,
    perSecond: run.latencies.length / seconds,
    p50Ms: percentile(run.latencies, 0.5),
    p99Ms: percentile(run.latencies, 0.99),
    statuses: Object.fromEntries(run.statuses),
  };
}

class Run {
  readonly latencies: number[] = [];
  readonly statuses = new Map<number, number>();
  private next = 0;
  private readonly head: string;
  private readonly until: number;

  constructor(
    private readonly load: RawLoad,
    private readonly startedAt: number,
  ) {
    const { host } = new URL(load.url);
    this.until = startedAt + load.seconds * 1_000;
    this.head = [
      `POST ${load.path} HTTP/1.1`,
      `host: ${host}`,
      `authorization: Bearer ${load.key}`,
      `content-type: ${load.contentType ?? 'application/json'}`,
      'content-length: ',
    ].join('\r\n');
  }

  async connection(first: number): Promise<void> {
    const { hostname, port } = new URL(this.load.url);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    const answers = new Answers(socket);
    try {
      for (let turn = 0; ; turn += 1) {
        const due = this.dueAt(first, turn);
        if (due >= this.until) return;
        await this.untilDue(due);
        const body = this.load.bodyOf(this.next);
        this.next += 1;
        const sentAt = this.load.perSecond === undefined ? performance.now() : due;
        socket.write(`${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
        const status = await answers.next();
        this.latencies.push(performance.now() - sentAt);
        this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      }
    } finally {
      socket.destroy();
    }
  }

  private dueAt(first: number, turn: number): number {
    const { perSecond, connections } = this.load;
    if (perSecond === undefined) return performance.now();
    return this.startedAt + ((first + turn * connections) * 1_000) / perSecond;
  }

  private async untilDue(due: number): Promise<void> {
    const wait = due - performance.now();
    if (wait <= 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, wait);
    });
  }
}

/** The statuses of the answers on one socket, in order. Answers have a content-length, or no body at all (204, 304). */
class Answers {
  private bytes: Buffer = Buffer.alloc(0);
  private waiting: { done: (status: number) => void; failed: (error: Error) => void } | undefined;
  private broken: Error | undefined;

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
      this.look();
    });
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  async next(): Promise<number> {
    if (this.broken) throw this.broken;
    return new Promise((done, failed) => {
      this.waiting = { done, failed };
      this.look();
    });
  }

  private look(): void {
    const end = this.bytes.indexOf('\r\n\r\n');
    if (end < 0 || !this.waiting) return;
    const head = this.bytes.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.bytes.length < end + 4 + length) return;
    const status = Number(head.slice(9, 12));
    this.bytes = this.bytes.subarray(end + 4 + length);
    const { done } = this.waiting;
    this.waiting = undefined;
    done(status);
  }

  private fail(error: Error): void {
    this.broken ??= error;
    this.waiting?.failed(error);
    this.waiting = undefined;
  }
}
