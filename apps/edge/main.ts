// Starts the edge: one port for the console and for every route of the services.
import { join } from 'node:path';
import { ConfigurationError, Environment } from '#libs/config/environment.js';
import { trustedProxies } from '#libs/http/client-address.js';
import { serveAt } from '#libs/http/serve-at.js';
import { createLogger, LOG_LEVELS } from '#libs/telemetry/logger.js';
import { Metrics } from '#libs/telemetry/metrics.js';
import { createEdge } from './edge.module.js';

const environment = new Environment(process.env);
const logger = createLogger('edge', environment.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'));
const http = ['http:', 'https:'];
const sessionSecret = environment.text('SESSION_SECRET');
if (sessionSecret.length < 32)
  throw new ConfigurationError('SESSION_SECRET must have at least 32 characters');

const app = await createEdge({
  urls: {
    ingest: environment.url('INGEST_URL', http),
    metering: environment.url('METERING_URL', http),
    quota: environment.url('QUOTA_URL', http),
    invoicing: environment.url('INVOICING_URL', http),
  },
  sessionSecret,
  secure: (environment.optional('PUBLIC_URL') ?? '').startsWith('https:'),
  console: environment.text('CONSOLE_DIR', join(import.meta.dirname, '..', '..', 'console')),
  addresses: trustedProxies(environment),
  clock: Date.now,
  logger,
  metrics: new Metrics('edge'),
});
await serveAt(app, environment, 4000);
