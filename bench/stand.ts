// A broker, a database server and single services for one bench, in a temporary folder that is removed at the end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '../libs/http/api-key.js';
import { startLocalKafka } from '../libs/stack/kafka.js';
import { freePort } from '../libs/stack/ports.js';
import { ensureDatabase, startLocalPostgres } from '../libs/stack/postgres.js';
import { endProcess } from '../libs/stack/children.js';
import {
  type ServiceName,
  startService,
  untilServiceReady,
} from '../libs/stack/service-process.js';

export interface Stand {
  readonly brokers: string;
  readonly adminKey: string;
  /** The broker and the database server, for `cpuSeconds`. */
  readonly pids: { readonly kafka: number; readonly postgres: number };
  /** Where the broker's log lies. */
  readonly folders: { readonly kafka: string };
  database(name: string): Promise<string>;
  service(name: ServiceName, env?: Readonly<Record<string, string>>): Promise<StandService>;
  close(): Promise<void>;
}

export interface StandService {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts Kafka and Postgres, durable as in production. */
export async function openStand(): Promise<Stand> {
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-bench-'));
  chmodSync(dir, 0o755);
  const postgres = await startLocalPostgres({ dir: join(dir, 'postgres') });
  const kafka = await startLocalKafka({ dir: join(dir, 'kafka') });
  const adminKey = newApiKey().key;
  const services: StandService[] = [];
  const database = async (name: string): Promise<string> => ensureDatabase(postgres.url, name);
  return {
    brokers: kafka.brokers,
    adminKey,
    pids: { kafka: kafka.pid, postgres: postgres.pid },
    folders: { kafka: join(dir, 'kafka') },
    database,
    service: async (name, env = {}) => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const logFile = join(dir, `${name}.log`);
      const log = {
        EVENT_LOG: 'kafka',
        KAFKA_BROKERS: kafka.brokers,
        LOG_LEVEL: 'warn',
        MB_ADMIN_KEY: adminKey,
      };
      const own = { ...log, DATABASE_URL: await database(`meterbook_${name}`), ...env };
      const pid = startService({ name, port, logFile, env: own });
      const service = { url, pid, stop: async (): Promise<void> => endProcess(pid) };
      services.push(service);
      await untilServiceReady(url, pid, logFile, 120_000);
      return service;
    },
    close: async () => {
      await Promise.all(services.map(async (service) => service.stop()));
      await kafka.stop();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
