// Appends what metering accepted, with the raw range it covers; and appends again, derived from the log and the identity table,
// what a crash between commit and append left out.
import type { DataSource } from 'typeorm';
import { meteredEnd, type UsageDelta } from '#libs/events/metered-batch.js';
import { encodeRejected, type RejectedUsage } from '#libs/events/rejection.js';
import { USAGE_METERED, USAGE_RECORDED, USAGE_REJECTED } from '#libs/events/topics.js';
import type { EventLog, NewRecord } from '#libs/log/event-log.js';
import { partitionOf } from '#libs/log/partition.js';
import { PartitionHalt } from '#libs/projection/projection.js';
import { usageDelta } from '../domain/deltas.js';
import { interpret, type KeyedEvent } from '../domain/interpret.js';
import { encodeRanges } from '../domain/metered-ranges.js';
import { type Accepted, sortOut } from '../domain/sort-out.js';
import type { IdentityStore } from '../store/identity.store.js';
import { bookedAt } from '../store/usage-write.store.js';

/** A raw range of one partition. */
interface Range {
  readonly partition: number;
  readonly first: number;
  readonly next: number;
}

/** A process that lost its partition can append at most two ranges late: the largest end of the tail is the covered one. */
const TAIL = 8;
const DERIVE_AT_ONCE = 1_000;

export class MeteredPublisher {
  constructor(
    private readonly log: EventLog,
    private readonly source: DataSource,
    private readonly identities: IdentityStore,
  ) {}

  /** Rejections first: a range on `usage.metered` says that everything of it was published. */
  async publish({ partition, first, next }: Range, { events, rejected }: Accepted): Promise<void> {
    await this.appendRejected(rejected);
    const batch = { version: 1 as const, partition, from: first, to: next, events };
    const records = encodeRanges(batch).map((value) => ({ key: String(partition), value }));
    await this.log.append(USAGE_METERED, partition, records);
  }

  /** At a claim: what was committed and not published is derived and published. Halts when more was published than committed. */
  async repair(partition: number, position: number): Promise<void> {
    let covered = await this.coveredUpTo(partition);
    if (covered > position)
      throw new PartitionHalt(
        'metered_ahead',
        `usage.metered covers up to ${covered}, the position is ${position}`,
      );
    while (covered < position) covered = await this.deriveOne(partition, covered, position);
  }

  private async coveredUpTo(partition: number): Promise<number> {
    const mark = (await this.log.watermarks(USAGE_METERED)).find(
      (of) => of.partition === partition,
    );
    if (!mark || mark.high === 0) return 0;
    let covered = 0;
    for (let from = Math.max(mark.low, mark.high - TAIL); from < mark.high;) {
      const records = await this.log.read(USAGE_METERED, partition, from);
      if (records.length === 0) break;
      for (const { value } of records) covered = Math.max(covered, meteredEnd(value));
      from = (records.at(-1)?.offset ?? from) + 1;
    }
    return covered;
  }

  private async deriveOne(partition: number, from: number, position: number): Promise<number> {
    const maxRecords = Math.min(DERIVE_AT_ONCE, position - from);
    const records = await this.log.read(USAGE_RECORDED, partition, from, { maxRecords });
    const entries = records.filter(({ offset }) => offset < position).map(interpret);
    const last = entries.at(-1);
    if (!last)
      throw new PartitionHalt(
        'log_truncated',
        `usage.recorded has nothing at ${from}, committed up to ${position}`,
      );
    const keyed = entries.filter((entry) => entry.kind === 'event');
    const holders = await this.identities.holders(
      this.source,
      keyed.map(({ key }) => key),
    );
    const corrections = keyed
      .filter(({ event }) => event.kind !== 'recorded')
      .map(({ offset }) => offset);
    const booked = await bookedAt(this.source.manager, partition, corrections);
    const accepted = sortOut(entries, partition, {
      holders,
      deltasOf: (entry) => deltasOf(entry, booked),
    });
    const next = last.offset + 1;
    await this.publish({ partition, first: from, next }, accepted);
    return next;
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

function deltasOf(
  { event, offset }: KeyedEvent,
  booked: ReadonlyMap<number, UsageDelta[]>,
): readonly UsageDelta[] {
  return event.kind === 'recorded'
    ? [usageDelta(event.usage, event.at)]
    : (booked.get(offset) ?? []);
}
