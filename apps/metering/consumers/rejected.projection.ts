// Keeps what could not be counted, from `usage.rejected`: what ingest refused for senders that do not listen, and what metering parked.
import type { EntityManager } from 'typeorm';
import { decodeRejected, type RejectedUsage } from '#libs/events/rejection.js';
import { USAGE_REJECTED } from '#libs/events/topics.js';
import { PartitionHalt, type Projection, type Slice } from '#libs/projection/projection.js';
import { addRejected } from '../store/rejected-write.store.js';

export const REJECTED_PROJECTION = 'metering.rejected';

/** The projection `metering.rejected`. A record that was appended twice around a crash is kept once, by its origin. */
export function rejectedProjection(): Projection<undefined, RejectedUsage[]> {
  return {
    name: REJECTED_PROJECTION,
    topics: [USAGE_REJECTED],
    maxRecords: 500,
    prepare: decodeSlice,
    async fold(tx: EntityManager, slice: Slice, rejected) {
      const kept = await addRejected(tx, rejected);
      const duplicates = rejected.length - kept;
      return {
        counts: { applied: kept, duplicates, quarantined: 0, digestA: 0n, digestB: 0n },
        folded: undefined,
      };
    },
  };
}

function decodeSlice({ records }: Slice): RejectedUsage[] {
  return records.map(({ offset, value }) => {
    try {
      return decodeRejected(value);
    } catch (error) {
      throw new PartitionHalt(
        'undecodable_rejection',
        `offset ${offset}: ${(error as Error).message}`,
      );
    }
  });
}
