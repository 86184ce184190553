// Starts metering: migrations, topics, HTTP, then the projections. On SIGTERM Nest stops the parts in order.
import { randomUUID } from 'node:crypto';
import { Environment } from '#libs/config/environment.js';
import { migrate, openDatabase } from '#libs/database/database.js';
import { DEFAULT_PARTITIONS, TOPICS } from '#libs/events/topics.js';
import { createApp, serve } from '#libs/http/app.js';
import { trustedProxies } from '#libs/http/client-address.js';
import { metricsAddress } from '#libs/http/metrics-listener.js';
import { logFromEnvironment } from '#libs/log/open-log.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { createLogger, LOG_LEVELS } from '#libs/telemetry/logger.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { meteringRunners } from './consumers/metering-runners.js';
import { MeteringModule } from './metering.module.js';
import { MIGRATIONS } from './store/migrations.js';

const environment = new Environment(process.env);
const instance = environment.text('INSTANCE', randomUUID());
const partitions = environment.integer('TOPIC_PARTITIONS', DEFAULT_PARTITIONS, 1, 1_000);
const logger = createLogger('metering', environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'));
const metrics = new Metrics('metering');

const url = environment.url('DATABASE_URL', ['postgres:', 'postgresql:']);
const source = await openDatabase({ url, name: 'metering', poolSize: 10, migrations: MIGRATIONS });
await migrate(source);
const projections = await openDatabase({ url, name: 'metering projections', poolSize: 10 });

const log = await logFromEnvironment(environment, `metering-${instance}`, logger);
await log.ensureTopics(
  TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : partitions })),
);

const adminKey = environment.text('MB_ADMIN_KEY');
const invoicingUrl = environment.optionalUrl('INVOICING_URL', ['http:', 'https:']);
const running = { log, source, projections, clock: Date.now, logger, metrics, instance };
const parts = { ...running, adminKey, invoicingUrl };
const server = new ProjectionServer(meteringRunners(parts));
const app = await createApp(MeteringModule.with(parts, server), {
  name: 'metering',
  logger,
  metrics,
  addresses: trustedProxies(environment),
});
app.connectMicroservice({ strategy: server });
await serve(app, {
  host: environment.text('HOST', '127.0.0.1'),
  port: environment.integer('PORT', 4002, 0, 65_535),
  metrics: metricsAddress(environment),
});
await app.startAllMicroservices();
