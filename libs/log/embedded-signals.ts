// Who waits for records learns of them by LISTEN/NOTIFY in a few milliseconds, and by polling when a notice was lost or the
// listening connection is away. A notice is sent after its append has committed: inside the transaction Postgres would
// let only one notifying transaction commit at a time.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TopicPartition } from './event-log.js';
import { keyOf } from './partition-key.js';

const CHANNEL = 'meterbook_log';
const POLL_MS = 500;
const RECONNECT_MS = 500;
const MAX_PAYLOAD = 7_000;

export interface SignalsOptions {
  readonly databaseUrl: string;
  readonly name: string;
  /** Next offsets of every partition of a topic. */
  highs(topic: string): Promise<readonly { readonly partition: number; readonly high: number }[]>;
  notify(channel: string, payload: string): Promise<void>;
}

export class EmbeddedSignals {
  private readonly highs = new Map<string, number>();
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly groups = new Map<string, Set<() => void>>();
  private readonly unsent = new Map<string, number>();
  private sending = false;
  private ended = false;
  private client: pg.Client | undefined;
  private poller: NodeJS.Timeout | undefined;

  constructor(private readonly options: SignalsOptions) {}

  /** Listens and polls until `stop`; begins with the first consumer. */
  start(): void {
    if (this.poller) return;
    this.poller = setInterval(() => void this.poll(), POLL_MS);
    void this.listen();
  }

  async stop(): Promise<void> {
    this.ended = true;
    clearInterval(this.poller);
    await this.client?.end().catch(() => undefined);
  }

  /** An append of this process was committed. */
  appended(at: TopicPartition, next: number): void {
    this.raise(keyOf(at), next);
    this.unsent.set(`a|${keyOf(at)}`, next);
    if (!this.sending) void this.flush();
  }

  /** A member of the group came or went. */
  async groupChanged(group: string): Promise<void> {
    await this.options.notify(CHANNEL, `g|${group}`).catch(() => undefined);
  }

  onGroupChange(group: string, listener: () => void): () => void {
    return addTo(this.groups, group, listener);
  }

  /** Resolves when the partition has, or may have, records from that offset on, or when the signal is aborted. */
  async untilReadable(at: TopicPartition, from: number, signal: AbortSignal): Promise<void> {
    const key = keyOf(at);
    if (signal.aborted || (this.highs.get(key) ?? 0) > from) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        forget();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const forget = addTo(this.waiting, key, () => {
        if ((this.highs.get(key) ?? 0) > from) done();
      });
      signal.addEventListener('abort', done);
    });
  }

  private raise(key: string, next: number): void {
    if (next <= (this.highs.get(key) ?? 0)) return;
    this.highs.set(key, next);
    for (const wake of this.waiting.get(key) ?? []) wake();
  }

  private async flush(): Promise<void> {
    this.sending = true;
    while (this.unsent.size > 0 && !this.ended) {
      const lines: string[] = [];
      let size = 0;
      for (const [key, next] of this.unsent) {
        const line = `${key}|${next}`;
        size += line.length + 1;
        if (size > MAX_PAYLOAD) break;
        lines.push(line);
        this.unsent.delete(key);
      }
      // A lost notice costs one polling interval.
      await this.options.notify(CHANNEL, lines.join('\n')).catch(() => undefined);
    }
    this.sending = false;
  }

  private async listen(): Promise<void> {
    while (!this.ended) {
      const client = new pg.Client({
        connectionString: this.options.databaseUrl,
        application_name: `${this.options.name} listener`,
        connectionTimeoutMillis: 3_000,
        keepAlive: true,
      });
      const gone = new Promise<void>((resolve) => {
        client.once('end', resolve);
        // Not once: a connection that is cut may say so twice, and an error that nobody hears ends the process.
        client.on('error', () => resolve());
      });
      client.on('notification', ({ payload }) => this.heard(payload ?? ''));
      this.client = client;
      try {
        await client.connect();
        await client.query(`LISTEN ${CHANNEL}`);
        await this.poll();
        await gone;
      } catch {
        // The next attempt follows; polling goes on meanwhile.
      }
      await client.end().catch(() => undefined);
      if (!this.ended) await sleep(RECONNECT_MS * (0.5 + Math.random()));
    }
  }

  private heard(payload: string): void {
    for (const line of payload.split('\n')) {
      const [kind, name = '', next = ''] = line.split('|');
      if (kind === 'a') this.raise(name, Number(next));
      if (kind === 'g') for (const wake of this.groups.get(name) ?? []) wake();
    }
  }

  private async poll(): Promise<void> {
    const keys = [...this.waiting].filter(([, wakers]) => wakers.size > 0).map(([key]) => key);
    const topics = new Set(keys.map((key) => key.slice(0, key.lastIndexOf('/'))));
    for (const topic of topics) {
      try {
        for (const { partition, high } of await this.options.highs(topic))
          this.raise(keyOf({ topic, partition }), high);
      } catch {
        return;
      }
    }
  }
}

function addTo(map: Map<string, Set<() => void>>, key: string, listener: () => void): () => void {
  const listeners = map.get(key) ?? new Set();
  map.set(key, listeners.add(listener));
  return () => listeners.delete(listener);
}
