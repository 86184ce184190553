// The one admission of a process: its doors and its projection decide on the same pages.
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { Clock } from '#libs/time/instant.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { AdmissionStore } from './admission.store.js';
import { BucketStore } from './bucket.store.js';
import { TermsCache } from './terms-cache.js';

export interface AdmissionParts {
  readonly source: DataSource;
  readonly clock: Clock;
}

const ADMISSIONS = new WeakMap<AdmissionParts, AdmissionStore>();

/** The same for the same parts, whoever asks. */
export function admissionOf(parts: AdmissionParts): AdmissionStore {
  const known = ADMISSIONS.get(parts);
  if (known) return known;
  const { source, clock } = parts;
  const terms = new TermsCache(new AccountStore(source), new CatalogStore(source));
  const stores = { terms, hours: new UsageHourStore(source), buckets: new BucketStore(source) };
  const made = new AdmissionStore(source, stores, clock);
  ADMISSIONS.set(parts, made);
  return made;
}
