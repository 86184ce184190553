import type { EventLog, NewRecord } from '#libs/log/event-log.js';
import { partitionOf } from '#libs/log/partition.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { AdmittedEvent } from '../domain/admission.js';

/** Organizations whose partition is remembered; the map is emptied when it is full. */
const REMEMBERED = 20_000;

/** Who is told what a partition acknowledged; it must return at once. */
export interface Acknowledgements {
  acknowledged(partition: number, events: readonly UsageEvent[]): void;
}

/** Appends what was admitted to `usage.recorded`: an organization's events to its partition, each partition at once. */
export class UsageLog {
  private readonly partitions = new Map<string, number>();
  private count: number | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly totals: Acknowledgements,
  ) {}

  /**
   * Gives, per partition, the offset after the last record written. Rejects when any partition could not take its part:
   * the others may hold theirs, so the sender must send all of it again, and identity makes that harmless.
   */
  async append(admitted: readonly AdmittedEvent[]): Promise<ReadonlyMap<number, number>> {
    const parts = await this.byPartition(admitted);
    const appends = [...parts].map(async ([partition, { records, events }]) => {
      const { nextOffset } = await this.log.append(USAGE_RECORDED, partition, records);
      this.totals.acknowledged(partition, events);
      return [partition, nextOffset] as const;
    });
    const settled = await Promise.allSettled(appends);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return new Map(settled.flatMap((result) => ('value' in result ? [result.value] : [])));
  }

  private async byPartition(admitted: readonly AdmittedEvent[]) {
    this.count ??= await this.log.partitionCount(USAGE_RECORDED);
    const parts = new Map<number, { records: NewRecord[]; events: UsageEvent[] }>();
    for (const { event, bytes } of admitted) {
      const partition = this.partition(event.organization, this.count);
      let part = parts.get(partition);
      if (!part) parts.set(partition, (part = { records: [], events: [] }));
      part.records.push({ key: event.organization, value: bytes });
      part.events.push(event);
    }
    return parts;
  }

  private partition(organization: string, count: number): number {
    const known = this.partitions.get(organization);
    if (known !== undefined) return known;
    if (this.partitions.size >= REMEMBERED) this.partitions.clear();
    const partition = partitionOf(organization, count);
    this.partitions.set(organization, partition);
    return partition;
  }
}
