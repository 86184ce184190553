// How each service begins and serves: settings from the environment, its database with its tables, the log with its topics; then
// the app on its port until a signal. What is one service's alone is in its main.ts.
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Environment } from '../config/environment.js';
import { type DatabaseOptions, migrate, openDatabase } from '../database/database.js';
import { DEFAULT_PARTITIONS, TOPICS } from '../events/topics.js';
import type { AppOptions } from '../http/app-options.js';
import { trustedProxies } from '../http/client-address.js';
import { serveAt } from '../http/serve-at.js';
import type { EventLog } from '../log/event-log.js';
import { logFromEnvironment } from '../log/open-log.js';
import { createLogger, LOG_LEVELS } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import type { Clock } from '../time/instant.js';

/** What every service's module is made with. */
export interface ServiceParts {
  readonly log: EventLog;
  /** The doors' pool; projections have one of their own, so that neither waits for the other. */
  readonly source: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly adminKey: string;
  /** Names this process among those of its service. */
  readonly instance: string;
}

export interface OpenedService {
  readonly environment: Environment;
  readonly parts: ServiceParts;
  /** For `createApp`. */
  readonly options: AppOptions;
  /** The pool of the projections. */
  openProjections(): Promise<DataSource>;
  /** Listens on HOST and PORT, or the given port, until a signal. */
  serve(app: NestFastifyApplication, port: number): Promise<void>;
}

/** Opens what the service `name` runs on, its tables and topics made; throws ConfigurationError that names the variable. */
export async function openService(
  name: string,
  migrations: NonNullable<DatabaseOptions['migrations']>,
): Promise<OpenedService> {
  const environment = new Environment(process.env);
  const instance = environment.text('INSTANCE', randomUUID());
  const partitions = environment.integer('TOPIC_PARTITIONS', DEFAULT_PARTITIONS, 1, 1_000);
  const logger = createLogger(name, environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'));
  const metrics = new Metrics(name);
  const adminKey = environment.text('MB_ADMIN_KEY');
  const url = environment.url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const source = await openDatabase({ url, name, poolSize: 10, migrations });
  await migrate(source);
  const log = await logFromEnvironment(environment, `${name}-${instance}`, logger);
  await log.ensureTopics(
    TOPICS.map((topic) => ({ name: topic.name, partitions: topic.single ? 1 : partitions })),
  );
  return {
    environment,
    parts: { log, source, clock: Date.now, logger, metrics, adminKey, instance },
    options: { name, logger, metrics, addresses: trustedProxies(environment) },
    openProjections: async () => openDatabase({ url, name: `${name} projections`, poolSize: 10 }),
    serve: async (app, port) => serveAt(app, environment, port),
  };
}
