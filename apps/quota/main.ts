// Starts quota: migrations, topics, HTTP, then the projections. On SIGTERM Nest stops the parts in order.
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
import { quotaRunners } from './consumers/quota-runners.js';
import { rateLimitAddress } from './grpc/rate-limit-security.js';
import { rateLimitServer } from './grpc/rate-limit-server.js';
import { QuotaModule } from './quota.module.js';
import { MIGRATIONS } from './store/migrations.js';

const environment = new Environment(process.env);
const instance = environment.text('INSTANCE', randomUUID());
const partitions = environment.integer('TOPIC_PARTITIONS', DEFAULT_PARTITIONS, 1, 1_000);
const logger = createLogger('quota', environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'));
const metrics = new Metrics('quota');

const url = environment.url('DATABASE_URL', ['postgres:', 'postgresql:']);
const source = await openDatabase({ url, name: 'quota', poolSize: 10, migrations: MIGRATIONS });
await migrate(source);
const projections = await openDatabase({ url, name: 'quota projections', poolSize: 10 });

const log = await logFromEnvironment(environment, `quota-${instance}`, logger);
await log.ensureTopics(
  TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : partitions })),
);

const adminKey = environment.text('MB_ADMIN_KEY');
const failOpen = environment.optional('QUOTA_FAIL_OPEN');
const limitsSigningKey = environment.optional('LIMITS_SIGNING_KEY');
const running = { log, source, projections, clock: Date.now, logger, metrics, instance };
const upgradeUrl = environment.optionalUrl('UPGRADE_URL', ['http:', 'https:']);
const parts = { ...running, adminKey, failOpen, limitsSigningKey, upgradeUrl };
const server = new ProjectionServer(quotaRunners(parts));
const app = await createApp(QuotaModule.with(parts, server), {
  name: 'quota',
  logger,
  metrics,
  addresses: trustedProxies(environment),
});
app.connectMicroservice({ strategy: server });
const host = environment.text('HOST', '127.0.0.1');
const envoy = rateLimitAddress(environment, host);
if (envoy) app.connectMicroservice(rateLimitServer(envoy));
await serve(app, {
  host,
  port: environment.integer('PORT', 4003, 0, 65_535),
  metrics: metricsAddress(environment),
});
await app.startAllMicroservices();
