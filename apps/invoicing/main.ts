// Starts invoicing: migrations, topics, HTTP and billing runs, then the projections. On SIGTERM Nest stops the parts in order.
import { ConfigurationError } from '#libs/config/environment.js';
import { createApp } from '#libs/http/app.js';
import { ProjectionServer } from '#libs/projection/projection-server.js';
import { openService } from '#libs/service/opened-service.js';
import { invoicingRunners } from './consumers/invoicing-runners.js';
import { isNetwork } from './domain/webhook-url.js';
import { LARGEST_BODY } from './http/document-doors.js';
import { sellerFrom } from './http/seller.js';
import { InvoicingModule } from './invoicing.module.js';
import { MIGRATIONS } from './store/migrations.js';

const service = await openService('invoicing', MIGRATIONS);
const { environment } = service;
const billing = {
  graceHours: environment.integer('BILLING_GRACE_HOURS', 24, 0, 24 * 62),
  dueDays: environment.integer('INVOICE_DUE_DAYS', 30, 0, 366),
  legalEntity: environment.text('INVOICE_LEGAL_ENTITY', 'MB'),
  pageSize: environment.integer('BILLING_RUN_PAGE', 2_000, 1, 20_000),
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

const peers = {
  metering: environment.optionalUrl('METERING_URL', ['http:', 'https:']),
  quota: environment.optionalUrl('QUOTA_URL', ['http:', 'https:']),
};
const webhooks = {
  sealingKey: environment.text('WEBHOOK_SEALING_KEY', service.parts.adminKey),
  allowedNetworks: networks,
};
const projections = await service.openProjections();
const parts = { ...service.parts, projections, billing, peers, webhooks };
const server = new ProjectionServer(invoicingRunners(parts));
const app = await createApp(InvoicingModule.with(parts, server), {
  ...service.options,
  bodyLimit: LARGEST_BODY,
});
app.connectMicroservice({ strategy: server });
await service.serve(app, 4004);
await app.startAllMicroservices();
