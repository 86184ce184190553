// Folds `usage.metered` into usage hours (what it costs) and token buckets (what is left). The chain drops what was seen before.
import type { EntityManager } from 'typeorm';
import type { MeteredBatch, MeteredEvent } from '#libs/events/metered-batch.js';
import { ACCOUNTS, CATALOG, USAGE_METERED } from '#libs/events/topics.js';
import { unseenEventsOf } from '#libs/projection/chain.js';
import { decodeMeteredSlice } from '#libs/projection/metered-slice.js';
import type { Projection } from '#libs/projection/projection.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import {
  applyUses,
  type Buckets,
  limitSteps,
  type ModelUses,
  usesOf,
} from '../domain/bucket-uses.js';
import { Breath } from '../store/breath.js';
import type { BucketStore, NamedBucket } from '../store/bucket.store.js';
import { keepRecentUse } from '../store/recent-use.store.js';
import type { TermsStore } from '../store/terms.store.js';
import type { UsageInbox } from '../store/usage-inbox.js';
import { letWait } from '../store/waiting-usage.js';

export const USAGE_PROJECTION = 'quota.usage';

/** A thousand events or so: the thread and the database are the checks' too. A single record may be larger. */
const MAX_BYTES = 256 * 1_024;

export interface UsageStores {
  readonly hours: UsageHourStore;
  readonly buckets: BucketStore;
  readonly terms: TermsStore;
  readonly inbox: Pick<UsageInbox, 'takeInPartition'>;
}

/** The projection `quota.usage`; halts with `undecodable_batch`, `chain_hole` or `wrong_partition`. */
export function usageProjection(stores: UsageStores): Projection<undefined, MeteredBatch[]> {
  return {
    name: USAGE_PROJECTION,
    topics: [USAGE_METERED],
    maxRecords: 100,
    maxBytes: MAX_BYTES,
    after: [
      { projection: 'quota.accounts', topic: ACCOUNTS },
      { projection: 'quota.catalog', topic: CATALOG },
    ],
    prepare: decodeMeteredSlice,
    async fold(tx, slice, batches) {
      const carried = batches.reduce((sum, batch) => sum + batch.events.length, 0);
      const events = await unseenEventsOf(tx, USAGE_PROJECTION, batches);
      const counts = await stores.hours.add(tx, events);
      const terms = await stores.terms.findMany(tx, [
        ...new Set(events.map(({ organization }) => organization)),
      ]);
      await fillBuckets(tx, stores.buckets, events, terms);
      const known = events.filter(({ organization }) => terms.has(organization));
      await letWait(tx, slice.partition, known);
      await keepRecentUse(
        tx,
        known.filter(({ reservation }) => reservation === null),
      );
      return { counts: { ...counts, duplicates: carried - events.length }, folded: undefined };
    },
    // Behind the commit, so that no lock of the fold is one that a check waits for.
    afterCommit: async ({ partition }) => stores.inbox.takeInPartition(partition),
    onClaimed: async ({ partition }) => stores.inbox.takeInPartition(partition),
  };
}

async function fillBuckets(
  tx: EntityManager,
  buckets: BucketStore,
  events: readonly MeteredEvent[],
  terms: ReadonlyMap<string, Terms>,
): Promise<void> {
  const used = usesOf(events);
  // Usage of an organization that is not registered waits in suspense; it has no limits to count against.
  const known = used.filter(({ organization }) => terms.has(organization));
  if (known.length === 0) return;
  const kept = await buckets.lock(tx, known);
  let after = await bucketsAfter(known, terms, kept);
  const names = new Set(kept.map(nameOf));
  const missing = after.filter((bucket) => !names.has(nameOf(bucket)));
  if (missing.length > 0) {
    await buckets.createMissing(tx, missing);
    // Another partition may have made and filled one meanwhile: look again, now with all of them locked.
    after = await bucketsAfter(known, terms, await buckets.lock(tx, known));
  }
  await buckets.write(tx, after);
}

async function bucketsAfter(
  used: readonly ModelUses[],
  terms: ReadonlyMap<string, Terms>,
  kept: readonly NamedBucket[],
): Promise<NamedBucket[]> {
  const before = new Map<string, Map<string, NamedBucket['bucket']>>();
  for (const { organization, model, limit, bucket } of kept) {
    const name = `${organization}\0${model}`;
    before.set(name, (before.get(name) ?? new Map()).set(limit, bucket));
  }
  const after: NamedBucket[] = [];
  const breath = new Breath();
  for (const { organization, model, uses } of used) {
    const buckets = (before.get(`${organization}\0${model}`) ?? new Map()) as Buckets;
    const instants = [...uses, ...buckets.values()].map(({ at }) => at);
    const steps = limitSteps(terms.get(organization) as Terms, model, instants);
    for (const [limit, bucket] of applyUses(buckets, uses, steps))
      after.push({ organization, model, limit, bucket });
    await breath.take();
  }
  return after;
}

function nameOf({ organization, model, limit }: NamedBucket): string {
  return `${organization}\0${model}\0${limit}`;
}
