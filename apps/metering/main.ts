// Starts metering: migrations, topics, HTTP, then the projections. On SIGTERM Nest stops the parts in order.
import { createApp } from '#libs/http/app.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { openService } from '#libs/service/opened-service.js';
import { meteringRunners } from './consumers/metering-runners.js';
import { MeteringModule } from './metering.module.js';
import { MIGRATIONS } from './store/migrations.js';

const service = await openService('metering', MIGRATIONS);
const parts = {
  ...service.parts,
  projections: await service.openProjections(),
  invoicingUrl: service.environment.optionalUrl('INVOICING_URL', ['http:', 'https:']),
};
const server = new ProjectionServer(meteringRunners(parts));
const app = await createApp(MeteringModule.with(parts, server), service.options);
app.connectMicroservice({ strategy: server });
await service.serve(app, 4002);
await app.startAllMicroservices();
