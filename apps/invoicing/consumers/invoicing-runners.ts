// The projections of invoicing and what each is given.
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { accountsProjection } from '#libs/accounts/accounts-projection.js';
import { catalogProjection } from '#libs/catalog/catalog-projection.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { EventLog } from '#libs/log/event-log.js';
import { ProjectionRunner } from '#libs/projection/runner.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import type { Clock } from '#libs/time/instant.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import type { IssueSettings } from '../store/issuing.js';
import { WebhookDeliveryStore } from '../store/webhook-delivery.store.js';
import { usageProjection } from './usage.projection.js';
import { webhooksProjection } from './webhooks.projection.js';

/** What the process supplies; a test supplies a memory log, a fixed clock and a fresh database instead. */
export interface InvoicingParts {
  readonly log: EventLog;
  /** For HTTP and billing runs. */
  readonly source: DataSource;
  /** For projections: a pool of its own, so that neither waits for the other. */
  readonly projections: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly adminKey: string;
  readonly instance: string;
  readonly billing: IssueSettings & {
    /** How long after its end a month stays open for usage that comes late. */
    readonly graceHours: number;
    /** Organizations that a billing run takes at once; 2,000. */
    readonly pageSize?: number;
  };
  /** Base URLs of the services that reconciliation asks. */
  readonly peers?: { readonly metering: string | undefined; readonly quota: string | undefined };
  readonly webhooks: {
    /** Seals the secrets of endpoints; at least 32 characters. */
    readonly sealingKey: string;
    /** Networks of the operator's own receivers, as CIDR. */
    readonly allowedNetworks: readonly string[];
  };
}

/** The projections of invoicing: accounts, catalog, usage that waits for both, and what webhooks tell. */
export function invoicingRunners(parts: InvoicingParts): ProjectionRunner[] {
  const source = parts.projections;
  const projections = [
    accountsProjection('invoicing', new AccountStore(source)),
    catalogProjection('invoicing', new CatalogStore(source)),
    usageProjection(new UsageHourStore(source)),
    webhooksProjection(new WebhookDeliveryStore(source), parts.clock),
  ];
  return projections.map((projection) => new ProjectionRunner({ ...parts, source, projection }));
}
