// Starts invoicing: migrations, topics, HTTP and billing runs, then the projections. On SIGTERM Nest stops the parts in order.
import { randomUUID } from 'node:crypto';
import { ConfigurationError, Environment } from '#libs/config/environment.js';
import { migrate, openDatabase } from '#libs/database/database.js';
import { DEFAULT_PARTITIONS, TOPICS } from '#libs/events/topics.js';
import { createApp, serve } from '#libs/http/app.js';
import { trustedProxies } from '#libs/http/client-address.js';
import { metricsAddress } from '#libs/http/metrics-listener.js';
import { logFromEnvironment } from '#libs/log/open-log.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { createLogger, LOG_LEVELS } from '#libs/telemetry/logger.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { invoicingRunners } from './consumers/invoicing-runners.js';
import { isNetwork } from './domain/webhook-url.js';
import { LARGEST_BODY } from './http/document-doors.js';
import { sellerFrom } from './http/seller.js';
import { InvoicingModule } from './invoicing.module.js';
import { MIGRATIONS } from './store/migrations.js';

const environment = new Environment(process.env);
const instance = environment.text('INSTANCE', randomUUID());
const partitions = environment.integer('TOPIC_PARTITIONS', DEFAULT_PARTITIONS, 1, 1_000);
const logger = createLogger('invoicing', environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'));
const metrics = new Metrics('invoicing');
const billing = {
  graceHours: environment.integer('BILLING_GRACE_HOURS', 24, 0, 24 * 62),
  dueDays: environment.integer('INVOICE_DUE_DAYS', 30, 0, 366),
  legalEntity: environment.text('INVOICE_LEGAL_ENTITY', 'MB'),
  bounds: {
    factor: environment.integer('INVOICE_PARK_FACTOR', 10, 0, 1_000_000),
    floor: environment.integer('INVOICE_PARK_FLOOR', 1_000),
    ceiling:
      environment.optional('INVOICE_PARK_CEILING') === undefined
        ? null
        : environment.integer('INVOICE_PARK_CEILING', 0),
  },
  seller: sellerFrom(environment),
};
// Endpoints in the operator's own network must be named; else only public addresses are reached.
const networks = environment.optional('WEBHOOK_ALLOWED_NETWORKS')?.split(',') ?? [];
if (!networks.every(isNetwork))
  throw new ConfigurationError('WEBHOOK_ALLOWED_NETWORKS must be CIDRs such as 10.1.2.0/24');

const url = environment.url('DATABASE_URL', ['postgres:', 'postgresql:']);
const name = 'invoicing';
const source = await openDatabase({ url, name, poolSize: 10, migrations: MIGRATIONS });
await migrate(source);
const projections = await openDatabase({ url, name: `${name} projections`, poolSize: 10 });

const log = await logFromEnvironment(environment, `${name}-${instance}`, logger);
await log.ensureTopics(
  TOPICS.map((topic) => ({ name: topic.name, partitions: topic.single ? 1 : partitions })),
);

const peers = {
  metering: environment.optionalUrl('METERING_URL', ['http:', 'https:']),
  quota: environment.optionalUrl('QUOTA_URL', ['http:', 'https:']),
};
const adminKey = environment.text('MB_ADMIN_KEY');
const clock = Date.now;
const webhooks = {
  sealingKey: environment.text('WEBHOOK_SEALING_KEY', adminKey),
  allowedNetworks: networks,
};
const running = { log, source, projections, clock, logger, metrics, instance };
const parts = { ...running, adminKey, billing, peers, webhooks };
const server = new ProjectionServer(invoicingRunners(parts));
const app = await createApp(InvoicingModule.with(parts, server), {
  name,
  logger,
  metrics,
  addresses: trustedProxies(environment),
  bodyLimit: LARGEST_BODY,
});
app.connectMicroservice({ strategy: server });
await serve(app, {
  host: environment.text('HOST', '127.0.0.1'),
  port: environment.integer('PORT', 4004, 0, 65_535),
  metrics: metricsAddress(environment),
});
await app.startAllMicroservices();
