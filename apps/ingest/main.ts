// Starts ingest: migrations, topics, HTTP. On SIGTERM Nest stops the parts in order, then the log and the database close.
import { randomUUID } from 'node:crypto';
import { AccountStore } from '#libs/accounts/account.store.js';
import { StoredKeyDirectory } from '#libs/accounts/stored-key-directory.js';
import { Environment } from '#libs/config/environment.js';
import { migrate, openDatabase } from '#libs/database/database.js';
import { DEFAULT_PARTITIONS, TOPICS } from '#libs/events/topics.js';
import { createApp, serve } from '#libs/http/app.js';
import { trustedProxies } from '#libs/http/client-address.js';
import { metricsAddress } from '#libs/http/metrics-listener.js';
import { logFromEnvironment } from '#libs/log/open-log.js';
import { createLogger, LOG_LEVELS } from '#libs/telemetry/logger.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { IngestModule, PACE } from './ingest.module.js';
import { MIGRATIONS } from './store/migrations.js';

const environment = new Environment(process.env);
const instance = environment.text('INSTANCE', randomUUID());
const partitions = environment.integer('TOPIC_PARTITIONS', DEFAULT_PARTITIONS, 1, 1_000);
const logger = createLogger('ingest', environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'));
const metrics = new Metrics('ingest');

const source = await openDatabase({
  url: environment.url('DATABASE_URL', ['postgres:', 'postgresql:']),
  name: 'ingest',
  poolSize: 10,
  migrations: MIGRATIONS,
});
await migrate(source);

const log = await logFromEnvironment(environment, `ingest-${instance}`, logger);
await log.ensureTopics(
  TOPICS.map(({ name, single }) => ({ name, partitions: single ? 1 : partitions })),
);

const app = await createApp(
  IngestModule.with({
    log,
    source,
    clock: Date.now,
    logger,
    metrics,
    adminKey: environment.text('MB_ADMIN_KEY'),
    keys: new StoredKeyDirectory(new AccountStore(source)),
    instance,
    pace: {
      requestsPerSecond: environment.integer(
        'KEY_REQUESTS_PER_SECOND',
        PACE.requestsPerSecond,
        1,
        1_000_000,
      ),
      bytesPerSecond: environment.integer('KEY_BYTES_PER_SECOND', PACE.bytesPerSecond, 1),
    },
  }),
  { name: 'ingest', logger, metrics, addresses: trustedProxies(environment) },
);
await serve(app, {
  host: environment.text('HOST', '127.0.0.1'),
  port: environment.integer('PORT', 4001, 0, 65_535),
  metrics: metricsAddress(environment),
});
