// The projections of metering and what each is given.
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { accountsProjection } from '#libs/accounts/accounts-projection.js';
import { catalogProjection } from '#libs/catalog/catalog-projection.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { EventLog } from '#libs/log/event-log.js';
import type { Projection } from '#libs/projection/projection.js';
import { ProjectionRunner } from '#libs/projection/runner.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import type { Clock } from '#libs/time/instant.js';
import { IdentityStore } from '../store/identity.store.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { AcceptedLosses } from '../store/accepted-losses.store.js';
import { MeteredPublisher } from './metered-publisher.js';
import { MeteredRepair } from './metered-repair.js';
import { rejectedProjection } from './rejected.projection.js';
import { USAGE_PROJECTION, usageProjection } from './usage.projection.js';

/** What the process supplies; a test supplies a memory log, a fixed clock and a fresh database instead. */
export interface MeteringParts {
  readonly log: EventLog;
  /** For HTTP and upkeep. */
  readonly source: DataSource;
  /** For projections: a pool of its own, so that neither waits for the other. */
  readonly projections: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly adminKey: string;
  readonly instance: string;
  /** Where invoicing answers which lines an event is on; undefined: not told. */
  readonly invoicingUrl?: string | undefined;
}

/** The four projections of metering: usage, what was rejected, and accounts and catalog to tell suspense. */
export function meteringRunners(parts: MeteringParts): ProjectionRunner[] {
  const source = parts.projections;
  // Days of the identity table are made by the other pool: a fold already holds a connection of this one.
  const identities = new IdentityStore(parts.source);
  const { log, metrics } = parts;
  const publisher = new MeteredPublisher(log);
  const losses = new AcceptedLosses(source, USAGE_PROJECTION, USAGE_RECORDED);
  const repair = new MeteredRepair({ log, source, identities, losses, publisher });
  const projections: Projection[] = [
    usageProjection({ log, identities, publisher, repair, metrics }),
    rejectedProjection(),
    accountsProjection('metering', new AccountStore(source)),
    catalogProjection('metering', new CatalogStore(source)),
  ];
  return projections.map((projection) => new ProjectionRunner({ ...parts, source, projection }));
}
