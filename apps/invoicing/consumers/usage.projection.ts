// Folds `usage.metered` into the usage hours that invoices are made of. The chain drops what was seen before.
import type { MeteredBatch } from '#libs/events/metered-batch.js';
import { ACCOUNTS, CATALOG, USAGE_METERED } from '#libs/events/topics.js';
import { unseenEventsOf } from '#libs/projection/chain.js';
import { decodeMeteredSlice } from '#libs/projection/metered-slice.js';
import type { Projection } from '#libs/projection/projection.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import {
  ACCOUNTS_PROJECTION,
  CATALOG_PROJECTION,
  USAGE_PROJECTION,
} from '../store/projection-names.js';

/** The projection `invoicing.usage`; halts with `undecodable_batch`, `wrong_partition` or `chain_hole`. */
export function usageProjection(hours: UsageHourStore): Projection<undefined, MeteredBatch[]> {
  return {
    name: USAGE_PROJECTION,
    topics: [USAGE_METERED],
    maxRecords: 100,
    after: [
      { projection: ACCOUNTS_PROJECTION, topic: ACCOUNTS },
      { projection: CATALOG_PROJECTION, topic: CATALOG },
    ],
    prepare: decodeMeteredSlice,
    async fold(tx, _slice, batches) {
      const carried = batches.reduce((sum, batch) => sum + batch.events.length, 0);
      const events = await unseenEventsOf(tx, USAGE_PROJECTION, batches);
      const counts = await hours.add(tx, events);
      return { counts: { ...counts, duplicates: carried - events.length }, folded: undefined };
    },
  };
}
