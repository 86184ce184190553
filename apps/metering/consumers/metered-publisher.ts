// Appends what metering accepted, with the raw range it covers.
import { encodeRejected, type RejectedUsage } from '#libs/events/rejection.js';
import { USAGE_METERED, USAGE_REJECTED } from '#libs/events/topics.js';
import type { EventLog, NewRecord } from '#libs/log/event-log.js';
import { partitionOf } from '#libs/log/partition.js';
import { encodeRanges } from '../domain/metered-ranges.js';
import type { Accepted } from '../domain/sort-out.js';

/** A raw range of one partition: first ≤ offset < next. */
export interface RawRange {
  readonly partition: number;
  readonly first: number;
  readonly next: number;
}

export class MeteredPublisher {
  constructor(private readonly log: EventLog) {}

  /** Rejections first: a range on `usage.metered` says that everything of it was published. */
  async publish({ partition, first, next }: RawRange, accepted: Accepted): Promise<void> {
    const { events, rejected } = accepted;
    await this.appendRejected(rejected);
    const batch = { version: 1 as const, partition, from: first, to: next, events };
    const records = encodeRanges(batch).map((value) => ({ key: String(partition), value }));
    await this.log.append(USAGE_METERED, partition, records);
  }

  private async appendRejected(rejected: readonly RejectedUsage[]): Promise<void> {
    if (rejected.length === 0) return;
    const partitions = await this.log.partitionCount(USAGE_REJECTED);
    const groups = Map.groupBy(rejected, ({ organization }) =>
      partitionOf(organization ?? '', partitions),
    );
    for (const [partition, group] of groups) {
      const records: NewRecord[] = group.map((one) => ({
        key: one.organization,
        value: encodeRejected(one),
      }));
      await this.log.append(USAGE_REJECTED, partition, records);
    }
  }
}
