import type { EachBatchPayload } from 'kafkajs';
import {
  type BatchOutcome,
  type ConsumeOptions,
  PartitionRevoked,
  type StoredRecord,
} from './event-log.js';
import type { FetchedBatch } from './fetched-batch.js';
import type { Place, Places } from './kafka-places.js';
import { contiguous } from './kafka-records.js';
import { answerUnreadable } from './kafka-unreadable.js';

export interface Delivered {
  /** Undefined when the batch was abandoned. */
  readonly outcome: BatchOutcome | undefined;
  readonly lastOffset: number;
  /** A heartbeat's error, also when the reader swallowed it: kafkajs must see it, or it does not rejoin, and loops. */
  readonly lost: unknown;
  /** What the reader threw on its own account. */
  readonly mistake: unknown;
}

/** Gives the reader one fetched batch, up to its first hole. Never rejects. */
export async function giveBatch(
  payload: EachBatchPayload,
  { place, places, isStale }: { place: Place; places: Places; isStale: () => boolean },
  options: ConsumeOptions,
): Promise<Delivered> {
  const { messages, corrupt } = payload.batch as unknown as FetchedBatch;
  const records: readonly StoredRecord[] = contiguous(messages);
  const lastOffset = records.at(-1)?.offset ?? 0;
  const high = Number(payload.batch.highWatermark);
  let lost: unknown;
  const heartbeat = async () => {
    try {
      await payload.heartbeat();
    } catch (error) {
      lost = error;
      throw error;
    }
    if (!places.has(place)) throw new PartitionRevoked(place.at);
  };
  try {
    if (corrupt && records.length === 0) {
      const outcome = await answerUnreadable(place, corrupt, options);
      return { outcome, lastOffset, lost, mistake: undefined };
    }
    const outcome = await options.onBatch({ ...place.at, records, high, heartbeat, isStale });
    return { outcome, lastOffset, lost, mistake: undefined };
  } catch (error) {
    const isLoss = error === lost || error instanceof PartitionRevoked;
    return { outcome: undefined, lastOffset, lost, mistake: isLoss ? undefined : error };
  }
}
