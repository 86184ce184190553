// The log port in memory, for specs: no server, the same promises as the adapters (it passes their contract suite).
import type {
  Appended,
  ConsumeOptions,
  EventLog,
  LogConsumer,
  NewRecord,
  ReadOptions,
  StoredRecord,
  TopicPartition,
  Watermarks,
} from '../log/event-log.js';
import {
  LogUnavailable,
  OffsetOutOfRange,
  PartitionCountDiffers,
  RecordTooLarge,
  UnknownPartition,
} from '../log/event-log.js';
import { MAX_BATCH_BYTES, sizeOf } from '../log/record-size.js';
import type { Clock } from '../time/instant.js';
import { MemoryGroup } from './memory-group.js';
import { MemoryPartition } from './memory-partition.js';

/** Topics exist after `ensureTopics`, or, with `partitions`, as soon as they are named. */
export class MemoryLog implements EventLog {
  private readonly topics = new Map<string, readonly MemoryPartition[]>();
  private readonly groups = new Map<string, MemoryGroup>();
  private readonly clock: Clock;
  private away = false;

  constructor(private readonly options: { partitions?: number; clock?: Clock } = {}) {
    this.clock = options.clock ?? Date.now;
  }

  /** From now on (until `true`) appends and reads reject with LogUnavailable, and consumers wait. */
  available(available: boolean): void {
    this.away = !available;
  }

  /** Drops the records below an offset, as retention would. */
  truncateBefore(topic: string, partition: number, low: number): void {
    this.partition({ topic, partition }).truncateBefore(low);
  }

  async ensureTopics(topics: readonly { name: string; partitions: number }[]): Promise<void> {
    for (const { name, partitions } of topics) {
      const existing = this.topics.get(name);
      if (existing && existing.length !== partitions)
        throw new PartitionCountDiffers(
          `${name} has ${existing.length} partitions, not ${partitions}`,
        );
      if (!existing) this.create(name, partitions);
    }
  }

  async partitionCount(topic: string): Promise<number> {
    return this.topic(topic).length;
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<Appended> {
    const target = this.partition({ topic, partition });
    if (records.length === 0) throw new RangeError('an append holds at least one record');
    if (records.some((record) => sizeOf(record) > MAX_BATCH_BYTES))
      throw new RecordTooLarge(`a record of ${topic} is above ${MAX_BATCH_BYTES} bytes`);
    this.reach();
    // A turn of the event loop, so that what a caller forgot to await shows.
    await new Promise(setImmediate);
    this.reach();
    return target.append(records, this.clock());
  }

  async watermarks(topic: string): Promise<readonly Watermarks[]> {
    this.reach();
    return this.topic(topic).map(({ low, high }, partition) => ({ partition, low, high }));
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    options: ReadOptions = {},
  ): Promise<readonly StoredRecord[]> {
    this.reach();
    const source = this.partition({ topic, partition });
    if (from < source.low || from > source.high)
      throw new OffsetOutOfRange({ topic, partition }, from, source.low, source.high);
    return source.slice(from, options);
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    const partitions = options.topics.flatMap((topic) =>
      this.topic(topic).map((_, partition) => ({ topic, partition })),
    );
    const group = this.groups.get(options.group) ?? new MemoryGroup();
    this.groups.set(options.group, group);
    return group.join(options, partitions, {
      peek: async (at, from) => {
        this.reach();
        const source = this.partition(at);
        return { records: source.slice(from, {}), low: source.low, high: source.high };
      },
      untilReadable: async (at, from, signal) => this.partition(at).untilReadable(from, signal),
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.groups.values()].map(async (group) => group.stopAll()));
  }

  private create(name: string, partitions: number): readonly MemoryPartition[] {
    const created = Array.from({ length: partitions }, () => new MemoryPartition());
    this.topics.set(name, created);
    return created;
  }

  private topic(name: string): readonly MemoryPartition[] {
    const existing = this.topics.get(name);
    if (existing) return existing;
    if (this.options.partitions !== undefined) return this.create(name, this.options.partitions);
    throw new UnknownPartition({ topic: name, partition: 0 });
  }

  private partition(at: TopicPartition): MemoryPartition {
    const found = this.topic(at.topic)[at.partition];
    if (!found) throw new UnknownPartition(at);
    return found;
  }

  private reach(): void {
    if (this.away) throw new LogUnavailable('the log was made unavailable by the test');
  }
}
