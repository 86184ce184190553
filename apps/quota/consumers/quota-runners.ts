// The projections of quota and what each is given.
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
import { admissionOf } from '../store/admission-of.js';
import { BucketStore } from '../store/bucket.store.js';
import { TermsStore } from '../store/terms.store.js';
import { usageProjection } from './usage.projection.js';

/** What the process supplies; a test supplies a memory log, a fixed clock and a fresh database instead. */
export interface QuotaParts {
  readonly log: EventLog;
  /** For HTTP. */
  readonly source: DataSource;
  /** For projections: a pool of its own, so that neither waits for the other. */
  readonly projections: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly adminKey: string;
  readonly instance: string;
  /** QUOTA_FAIL_OPEN: `tier:percent:amount,…` (domain/lease.ts); undefined: every tier fails closed. */
  readonly failOpen?: string | undefined;
  /** LIMITS_SIGNING_KEY; undefined: one is made and kept in the database. */
  readonly limitsSigningKey?: string | undefined;
  /** UPGRADE_URL: where a customer chooses a plan; undefined: refusals name no such page. */
  readonly upgradeUrl?: string | undefined;
}

/** The three projections of quota: accounts, catalog, and usage that waits for both. */
export function quotaRunners(parts: QuotaParts): ProjectionRunner[] {
  const source = parts.projections;
  const accounts = new AccountStore(source);
  // Catalogs by the other pool: a fold already holds a connection of this one.
  const catalogs = new CatalogStore(parts.source);
  const [hours, buckets] = [new UsageHourStore(source), new BucketStore(source)];
  const usage = usageProjection({
    hours,
    buckets,
    terms: new TermsStore(accounts, catalogs),
    inbox: admissionOf(parts).inbox,
  });
  const projections = [
    accountsProjection('quota', accounts),
    catalogProjection('quota', new CatalogStore(source)),
    usage,
  ];
  return projections.map((projection) => new ProjectionRunner({ ...parts, source, projection }));
}
