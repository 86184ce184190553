// Several instances of each service against one cluster and one database per kind of service.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from '#libs/stack/children.js';
import { freePort } from '#libs/stack/ports.js';
import { startService, untilServiceReady } from '#libs/stack/service-process.js';
import { freshDatabaseUrl } from '#libs/testing/postgres.js';

export type Kind = 'ingest' | 'metering' | 'quota' | 'invoicing';

interface Instance {
  readonly kind: Kind;
  readonly number: number;
  readonly port: number;
  pid: number;
}

/** 6 s is the least that a broker allows: a member that was killed must not hold its partitions for long. */
const SESSION_TIMEOUT_MS = '6000';

export class Fleet {
  readonly databases = new Map<Kind, string>();
  private readonly instances: Instance[] = [];
  private readonly logs = mkdtempSync(join(tmpdir(), 'meterbook-fleet-'));

  constructor(
    private readonly brokers: readonly string[],
    private readonly key: string,
  ) {}

  /** One after the other, so that the first makes the tables and the topics. */
  async start(counts: Readonly<Record<Kind, number>>): Promise<void> {
    for (const kind of ['ingest', 'metering', 'quota', 'invoicing'] as const) {
      this.databases.set(kind, await freshDatabaseUrl(kind));
      for (let number = 0; number < counts[kind]; number += 1) {
        const instance = { kind, number, port: await freePort(), pid: 0 };
        this.instances.push(instance);
        await this.launch(instance);
      }
    }
  }

  urls(kind: Kind): string[] {
    return this.of(kind).map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** Ends an instance, in an orderly way or not, and starts it again: two rebalances of its groups. */
  async bounce(kind: Kind, number: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const instance = this.of(kind)[number] as Instance;
    await endProcess(instance.pid, signal);
    await this.launch(instance);
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map(async ({ pid }) => endProcess(pid)));
    rmSync(this.logs, { recursive: true, force: true });
  }

  private of(kind: Kind): Instance[] {
    return this.instances.filter((instance) => instance.kind === kind);
  }

  private async launch(instance: Instance): Promise<void> {
    const { kind, number, port } = instance;
    const logFile = join(this.logs, `${kind}-${number}.log`);
    instance.pid = startService({
      name: kind,
      port,
      logFile,
      env: {
        EVENT_LOG: 'kafka',
        KAFKA_BROKERS: this.brokers.join(','),
        KAFKA_SESSION_TIMEOUT_MS: SESSION_TIMEOUT_MS,
        LOG_LEVEL: 'warn',
        MB_ADMIN_KEY: this.key,
        INSTANCE: `${kind}-${number}`,
        DATABASE_URL: this.databases.get(kind) as string,
      },
    });
    await untilServiceReady(`http://127.0.0.1:${port}`, instance.pid, logFile, 120_000);
  }
}
