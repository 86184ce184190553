// Reads without a consumer group: partition counts, watermarks, and records from an offset on.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  LogUnavailable,
  OffsetOutOfRange,
  type ReadOptions,
  RecordsUnreadable,
  type StoredRecord,
  type TopicPartition,
  UnknownPartition,
  type Watermarks,
} from './event-log.js';
import { type KafkaBroker, type KafkaCluster, type KafkaFault } from './kafka-internals.js';
import { learnFrom } from './kafka-cluster.js';
import { CorruptRecords } from './record-set.js';

const MEBIBYTE = 1 << 20;
const PAUSE_MS = 100;
const NO_SUCH_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';
const OUT_OF_RANGE = 'OFFSET_OUT_OF_RANGE';

export class KafkaReader {
  constructor(
    private readonly cluster: KafkaCluster,
    private readonly deadlineMs: number,
  ) {}

  /** Rejects with UnknownPartition when the brokers know no such topic. */
  async partitionCount(topic: string, deadlineMs = this.deadlineMs): Promise<number> {
    const ask = async () => {
      await this.know(topic);
      return this.cluster.findTopicPartitionMetadata(topic).length;
    };
    try {
      return await this.patiently(`the metadata of ${topic}`, ask, NO_SUCH_TOPIC, deadlineMs);
    } catch (error) {
      if (typeOf(error) !== NO_SUCH_TOPIC) throw error;
      throw new UnknownPartition({ topic, partition: 0 });
    }
  }

  async watermarks(topic: string): Promise<Watermarks[]> {
    const count = await this.partitionCount(topic);
    return this.patiently(`the offsets of ${topic}`, async () => {
      const low = await this.offsets(topic, count, true);
      const high = await this.offsets(topic, count, false);
      return low.map((offset, partition) => ({
        partition,
        low: offset,
        high: high[partition] as number,
      }));
    });
  }

  async read(at: TopicPartition, from: number, options: ReadOptions): Promise<StoredRecord[]> {
    const { topic, partition } = at;
    if (partition < 0 || partition >= (await this.partitionCount(topic)))
      throw new UnknownPartition(at);
    try {
      const ask = async () => this.fetch(at, from, options);
      return await this.patiently(`${topic}[${partition}] from ${from}`, ask, OUT_OF_RANGE);
    } catch (error) {
      if (error instanceof CorruptRecords)
        throw new RecordsUnreadable(at, from, error.message, { cause: error });
      if (typeOf(error) !== OUT_OF_RANGE) throw error;
      const marks = (await this.watermarks(topic))[partition] as Watermarks;
      throw new OffsetOutOfRange(at, from, marks.low, marks.high);
    }
  }

  private async fetch(
    at: TopicPartition,
    from: number,
    options: ReadOptions,
  ): Promise<StoredRecord[]> {
    const { topic, partition } = at;
    const maxBytes = options.maxBytes ?? MEBIBYTE;
    const broker = await this.leaderOf(at);
    const { responses } = await broker.fetch({
      replicaId: -1,
      maxWaitTime: 0,
      minBytes: 1,
      maxBytes,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }],
    });
    const found = responses.find(({ topicName }) => topicName === topic)?.partitions[0];
    if (!found) throw new Error(`an answer without ${topic}[${partition}]`);
    // A compressed batch is given whole, from before the offset that was asked for.
    const records = found.messages.filter(
      ({ offset, transaction }) => transaction?.isControl !== true && offset >= from,
    );
    if (records.length === 0 && found.messages.corrupt) throw found.messages.corrupt;
    // An empty answer below the end is not the end, though a caller would take it for that.
    if (records.length === 0 && from < Number(found.highWatermark))
      throw new Error(`no records of ${topic}[${partition}] below its end`);
    return records.slice(0, options.maxRecords);
  }

  private async leaderOf({ topic, partition }: TopicPartition): Promise<KafkaBroker> {
    await this.know(topic);
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined) throw new Error(`${topic}[${partition}] has no known leader`);
    return this.cluster.findBroker({ nodeId });
  }

  private async know(topic: string): Promise<void> {
    if (!this.cluster.isConnected()) await this.cluster.connect();
    await this.cluster.addMultipleTargetTopics([topic]);
    await this.cluster.refreshMetadataIfNecessary();
  }

  /** By partition: the oldest offset, or the one that the next record gets. */
  private async offsets(topic: string, count: number, fromBeginning: boolean): Promise<number[]> {
    const partitions = Array.from({ length: count }, (_, partition) => ({ partition }));
    const [answer] = await this.cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    return partitions.map(({ partition }) => {
      const found = answer?.partitions.find((offset) => offset.partition === partition);
      if (!found) throw new Error(`no offset of ${topic}[${partition}]`);
      return Number(found.offset);
    });
  }

  /** Asks again until the deadline, since leaders move and brokers restart; an error of the type `fact` ends it at once. */
  private async patiently<T>(
    what: string,
    ask: () => Promise<T>,
    fact?: string,
    deadlineMs = this.deadlineMs,
  ): Promise<T> {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (fact !== undefined && typeOf(error) === fact) throw error;
        if (performance.now() > deadline && error instanceof CorruptRecords) throw error;
        if (performance.now() > deadline)
          throw new LogUnavailable(`Kafka does not give ${what}: ${String(error)}`, {
            cause: error,
          });
        learnFrom(this.cluster, error as KafkaFault);
      }
      await sleep(PAUSE_MS);
      await this.cluster.refreshMetadata().catch(() => undefined);
    }
  }
}

function typeOf(error: unknown): string | undefined {
  return (error as KafkaFault).type;
}
