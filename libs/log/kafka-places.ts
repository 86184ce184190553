import type { TopicPartition } from './event-log.js';
import { keyOf } from './partition-key.js';

/** Where one assigned partition stands in this process. */
export interface Place {
  readonly at: TopicPartition;
  /** The offset after the last batch that was applied, or the last seek. */
  position: number;
  /** Grows with each seek and each settling of the group: a batch of an older epoch is stale. */
  epoch: number;
  busy: boolean;
  /** What the last fetches brought instead of records, and how many of them in a row. */
  unreadable?: { readonly offset: number; readonly times: number } | undefined;
}

/** The partitions that the group gave to this member. */
export class Places {
  private places = new Map<string, Place>();

  get(at: TopicPartition): Place | undefined {
    return this.places.get(keyOf(at));
  }

  /** True while the partition has not been taken away, not even for a moment. */
  has(place: Place): boolean {
    return this.get(place.at) === place;
  }

  isBusy(): boolean {
    return [...this.places.values()].some(({ busy }) => busy);
  }

  /** Takes a whole assignment: what stays keeps its position, what comes starts at the oldest record. */
  settle(partitions: readonly TopicPartition[]): readonly Place[] {
    const settled = partitions.map(
      (at): Place => this.get(at) ?? { at, position: 0, epoch: 0, busy: false },
    );
    this.places = new Map(settled.map((place) => [keyOf(place.at), place]));
    for (const place of settled) place.epoch += 1;
    return settled;
  }
}
