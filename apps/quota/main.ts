// Starts quota: migrations, topics, HTTP, then the projections and Envoy's door. On SIGTERM Nest stops the parts in order.
import { createApp } from '#libs/http/app.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { openService } from '#libs/service/opened-service.js';
import { quotaRunners } from './consumers/quota-runners.js';
import { rateLimitAddress } from './grpc/rate-limit-security.js';
import { rateLimitServer } from './grpc/rate-limit-server.js';
import { QuotaModule } from './quota.module.js';
import { MIGRATIONS } from './store/migrations.js';

const service = await openService('quota', MIGRATIONS);
const { environment } = service;
const parts = {
  ...service.parts,
  projections: await service.openProjections(),
  failOpen: environment.optional('QUOTA_FAIL_OPEN'),
  limitsSigningKey: environment.optional('LIMITS_SIGNING_KEY'),
  upgradeUrl: environment.optionalUrl('UPGRADE_URL', ['http:', 'https:']),
};
const envoy = rateLimitAddress(environment, environment.text('HOST', '127.0.0.1'));
const server = new ProjectionServer(quotaRunners(parts));
const app = await createApp(QuotaModule.with(parts, server), service.options);
app.connectMicroservice({ strategy: server });
if (envoy) app.connectMicroservice(rateLimitServer(envoy));
await service.serve(app, 4003);
await app.startAllMicroservices();
