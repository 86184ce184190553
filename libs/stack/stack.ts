// The local stack: Postgres, the log, four services and the edge. Ready means that every part answers; down ends own processes only.
import { ensureDatabase, type LocalPostgres, startLocalPostgres } from './postgres.js';
import { endProcess } from './children.js';
import type { Endpoints } from './home.js';
import { Home } from './home.js';
import { type LocalKafka, startLocalKafka } from './kafka.js';
import { localUrl, type ServicePorts, servicePorts, urlVariables } from './service-ports.js';
import { SERVICES, type ServiceName, startService, untilServiceReady } from './service-process.js';

export interface StackOptions {
  readonly home: Home;
  /** A real Kafka broker instead of the embedded log. */
  readonly kafka: boolean;
  /** Ports that are free now instead of 4000 to 4004. */
  readonly freePorts: boolean;
  /** Told what is being done: `Postgres is ready`. */
  readonly onStep: (step: string) => void;
  /** Extra variables for every service, e.g. LOG_LEVEL. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningStack {
  readonly endpoints: Endpoints;
  readonly adminKey: string;
  readonly isNewKey: boolean;
  /** Kills a service without warning, as a machine does. */
  kill(name: ServiceName): Promise<void>;
  /** Starts a service that was killed, on its port, and waits until it is ready. */
  restart(name: ServiceName): Promise<void>;
  /** Postgres ends at once, as in a crash, and starts again on its port. */
  restartPostgres(): Promise<void>;
  /** The broker is killed and starts again on its port; its log recovery takes some seconds. */
  restartKafka(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything and resolves when every service is ready. What was left running by an earlier start is ended first. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { home, onStep } = options;
  home.create();
  await stopStack(home);
  const { key, isNew } = home.adminKey();
  try {
    const shared = await startBacking(options, key);
    const ports = await servicePorts(options.freePorts);
    const starter = new ServiceStarter(home, shared, ports);
    await Promise.all(SERVICES.map(async (name) => starter.start(name)));
    onStep(`${SERVICES.join(', ')} are ready`);
    const write = (): Endpoints => {
      const endpoints = endpointsOf(home, shared, ports);
      home.writeEndpoints(endpoints);
      return endpoints;
    };
    return {
      endpoints: write(),
      adminKey: key,
      isNewKey: isNew,
      kill: async (name) => starter.kill(name),
      restart: async (name) => {
        await starter.start(name);
        write();
      },
      restartPostgres: async () => {
        await killOwn(home, 'postgres', 'SIGQUIT');
        await launchPostgres(home, Number(new URL(shared.database).port));
      },
      restartKafka: async () => {
        if (shared.kafka === null) throw new Error('this stack runs on the embedded log');
        await killOwn(home, 'kafka', 'SIGKILL');
        await launchKafka(home, Number(shared.kafka.split(':')[1]));
      },
      stop: async () => void (await stopStack(home)),
    };
  } catch (error) {
    await stopStack(home);
    throw error;
  }
}

/** Ends the processes that this home started, the services first, Postgres last. Gives the names of those that ran. */
export async function stopStack(home: Home): Promise<string[]> {
  const running = home.running();
  await Promise.all(
    running.filter(({ name }) => !isBacking(name)).map(async ({ pid }) => endProcess(pid)),
  );
  for (const { name, pid } of running.filter((own) => isBacking(own.name)).toReversed())
    // SIGINT is Postgres's fast shutdown: it ends sessions instead of waiting for them.
    await endProcess(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  home.forgetProcesses();
  return running.map(({ name }) => name);
}

interface Backing {
  readonly database: string;
  readonly kafka: string | null;
  readonly env: Readonly<Record<string, string>>;
}

async function startBacking(options: StackOptions, adminKey: string): Promise<Backing> {
  const { home, onStep } = options;
  const [postgres, kafka] = await Promise.all([
    launchPostgres(home),
    options.kafka ? launchKafka(home) : undefined,
  ]);
  onStep(`Postgres is ready on port ${postgres.port}`);
  if (kafka) onStep(`Kafka is ready at ${kafka.brokers}`);
  const log: Record<string, string> = kafka
    ? {
        EVENT_LOG: 'kafka',
        KAFKA_BROKERS: kafka.brokers,
        // A service that is killed here is started again at once: its partitions must not wait 45 s for it.
        KAFKA_SESSION_TIMEOUT_MS: '10000',
      }
    : {
        EVENT_LOG: 'embedded',
        LOG_DATABASE_URL: await ensureDatabase(postgres.url, 'meterbook_log'),
      };
  return {
    database: postgres.url,
    kafka: kafka?.brokers ?? null,
    env: { MB_ADMIN_KEY: adminKey, LOG_LEVEL: 'info', ...log, ...options.env },
  };
}

async function launchPostgres(home: Home, port?: number): Promise<LocalPostgres> {
  const at = port === undefined ? {} : { port };
  const postgres = await startLocalPostgres({ dir: home.path('postgres'), detached: true, ...at });
  home.own('postgres', postgres.pid);
  return postgres;
}

async function launchKafka(home: Home, port?: number): Promise<LocalKafka> {
  const at = port === undefined ? {} : { port };
  const kafka = await startLocalKafka({ dir: home.path('kafka'), detached: true, ...at });
  home.own('kafka', kafka.pid);
  return kafka;
}

async function killOwn(home: Home, name: string, signal: NodeJS.Signals): Promise<void> {
  const own = home.running().find((running) => running.name === name);
  if (own) await endProcess(own.pid, signal);
}

const isBacking = (name: string): boolean => name === 'postgres' || name === 'kafka';

function endpointsOf(home: Home, backing: Backing, ports: ServicePorts): Endpoints {
  return {
    edge: localUrl(ports.edge),
    ingest: localUrl(ports.ingest),
    metering: localUrl(ports.metering),
    quota: localUrl(ports.quota),
    invoicing: localUrl(ports.invoicing),
    database: backing.database,
    kafka: backing.kafka,
    pids: Object.fromEntries(home.running().map(({ name, pid }) => [name, pid])),
  };
}

/** Settings of one service that a person may give to `up`; '' counts as not given. */
const PASSED_ON: Partial<Record<ServiceName, readonly string[]>> = {
  quota: [
    'QUOTA_GRPC_PORT',
    'QUOTA_GRPC_TLS_CA_FILE',
    'QUOTA_GRPC_TLS_CERT_FILE',
    'QUOTA_GRPC_TLS_KEY_FILE',
    'UPGRADE_URL',
    'LIMITS_SIGNING_KEY',
  ],
};

class ServiceStarter {
  constructor(
    private readonly home: Home,
    private readonly backing: Backing,
    private readonly ports: ServicePorts,
  ) {}

  async start(name: ServiceName): Promise<void> {
    const logFile = this.home.path('logs', `${name}.log`);
    const port = this.ports[name];
    const env = { ...this.backing.env, ...urlVariables(this.ports), ...(await this.own(name)) };
    const pid = startService({ name, port, logFile, detached: true, env });
    this.home.own(name, pid);
    await untilServiceReady(localUrl(port), pid, logFile);
  }

  // The edge keeps nothing but the secret that seals its sessions.
  private async own(name: ServiceName): Promise<Record<string, string>> {
    if (name === 'edge') return { SESSION_SECRET: this.home.secret('session-secret') };
    const url = await ensureDatabase(this.backing.database, `meterbook_${name}`);
    const given = (PASSED_ON[name] ?? []).map((one) => [one, process.env[one] ?? '']);
    return { ...(Object.fromEntries(given) as Record<string, string>), DATABASE_URL: url };
  }

  async kill(name: ServiceName): Promise<void> {
    await killOwn(this.home, name, 'SIGKILL');
  }
}
