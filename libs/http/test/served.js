// A service in a process of its own, for the spec of how it stops: prints its URL, answers /slow after 400 ms.
import { Module } from '@nestjs/common';
import { newApiKey } from '#libs/http/api-key.js';
import { createApp, serve } from '#libs/http/app.js';
import { authProviders } from '#libs/http/auth.js';
import { PUBLIC_ROUTE } from '#libs/http/route-facts.js';
import { createLogger } from '#libs/telemetry/logger.js';
import { Metrics } from '#libs/telemetry/metrics.js';

class Served {
  async onModuleDestroy() {
    process.stdout.write('parts stop\n');
  }
}
Module({ providers: authProviders(newApiKey().key, Date.now) })(Served);

const logger = createLogger('served', 'silent');
const app = await createApp(Served, { name: 'served', logger, metrics: new Metrics('served') });
const server = app.getHttpAdapter().getInstance();
server.get('/slow', { config: PUBLIC_ROUTE }, async () => {
  process.stdout.write('slow begins\n');
  await new Promise((resolve) => setTimeout(resolve, 400));
  process.stdout.write('slow ends\n');
  return { slow: true };
});
await serve(app, { host: '127.0.0.1', port: 0 });
process.stdout.write(`${await app.getUrl()}\n`);
