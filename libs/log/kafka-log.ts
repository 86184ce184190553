// The production log: Apache Kafka through the parts of kafkajs that are safe (kafkajs.md), with our own way of writing.
import type { Kafka } from 'kafkajs';
import { AppendLane } from './append-lane.js';
import { ByteBudget } from './byte-budget.js';
import {
  type Appended,
  type ConsumeOptions,
  type EventLog,
  type LogConsumer,
  LogUnavailable,
  type NewRecord,
  PartitionCountDiffers,
  type ReadOptions,
  type StoredRecord,
  UnknownPartition,
  type Watermarks,
} from './event-log.js';
import { createKafka } from './kafka-client.js';
import { consumeFromKafka } from './kafka-consumer.js';
import { type KafkaCluster } from './kafka-internals.js';
import { createCluster } from './kafka-cluster.js';
import { ZSTD, compressRecords } from './kafka-patches.js';
import { type Produce, produceWithin } from './kafka-produce.js';
import { KafkaReader } from './kafka-reader.js';
import type { KafkaSecurity } from './kafka-security.js';
import { KafkaSender } from './kafka-sender.js';
import { createMissingTopics, type WarningSink } from './kafka-topics.js';
import { type BatchCodec, encodeRecordBatch } from './record-batch.js';

export interface KafkaLogOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS and SASL; neither when it is left out. */
  readonly security?: KafkaSecurity;
  /** Told of topics whose settings differ; nobody when it is left out. */
  readonly logger?: WarningSink;
  /** How long an append may take before its caller is told LogUnavailable; 5,000 ms. */
  readonly appendDeadlineMs?: number;
  /** How long questions about offsets and records are repeated before LogUnavailable; 10,000 ms. */
  readonly readDeadlineMs?: number;
  /** How many bytes may wait to be acknowledged before appends get LogBusy; 32 MiB. */
  readonly maxPendingBytes?: number;
  /** How long the group waits for a silent member before its partitions move; 45,000 ms. */
  readonly sessionTimeoutMs?: number;
}

const APPEND_DEADLINE_MS = 5_000;
const READ_DEADLINE_MS = 10_000;
const MAX_PENDING_BYTES = 32 << 20;
const CLOSE_GRACE_MS = 5_000;
// Above the appends' deadline: a broker that is only slow answers the request it has, and is not sent a second one.
const REQUEST_TIMEOUT_MS = 10_000;
const CODEC: BatchCodec = { id: ZSTD, compress: compressRecords };

export class KafkaLog implements EventLog {
  private readonly lanes = new Map<string, AppendLane>();
  private readonly consumers = new Set<LogConsumer>();
  private readonly budget: ByteBudget;
  private readonly kafka: Kafka;
  private readonly reader: KafkaReader;
  private readonly clusters: readonly KafkaCluster[];
  private readonly sender: KafkaSender;
  private readonly counts = new Map<string, number>();
  private readonly deadlineMs: number;
  private readonly sessionTimeoutMs: number | undefined;
  private readonly sink: WarningSink;
  private closed = false;

  constructor(options: KafkaLogOptions, produce: Produce = produceWithin(APPEND_DEADLINE_MS)) {
    this.sessionTimeoutMs = options.sessionTimeoutMs;
    this.deadlineMs = options.appendDeadlineMs ?? APPEND_DEADLINE_MS;
    this.sink = options.logger ?? { warn: () => undefined };
    const { brokers, clientId, security } = options;
    this.kafka = createKafka(brokers, clientId, security);
    // Writing and reading do not share a connection: a broker answers the requests of one connection in turn.
    const requestTimeoutMs = REQUEST_TIMEOUT_MS;
    const settings = { brokers, clientId, requestTimeoutMs, ...(security && { security }) };
    const writing = createCluster(settings);
    const reading = createCluster(settings);
    this.clusters = [writing, reading];
    this.sender = new KafkaSender(writing, produce);
    this.reader = new KafkaReader(reading, options.readDeadlineMs ?? READ_DEADLINE_MS);
    this.budget = new ByteBudget(options.maxPendingBytes ?? MAX_PENDING_BYTES);
  }

  async ensureTopics(topics: readonly { name: string; partitions: number }[]): Promise<void> {
    await createMissingTopics(this.kafka, topics, this.sink);
    for (const { name, partitions } of topics) {
      const found = await this.reader.partitionCount(name);
      if (found !== partitions)
        throw new PartitionCountDiffers(`${name} has ${found} partitions, not ${partitions}`);
      this.counts.set(name, found);
    }
  }

  async partitionCount(topic: string, deadlineMs?: number): Promise<number> {
    const count = await this.reader.partitionCount(topic, deadlineMs);
    this.counts.set(topic, count);
    return count;
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<Appended> {
    if (this.closed) throw new LogUnavailable('the log is closed');
    const count = this.counts.get(topic) ?? (await this.partitionCount(topic, this.deadlineMs));
    if (!(partition >= 0 && partition < count)) throw new UnknownPartition({ topic, partition });
    return this.laneOf(topic, partition).append(records);
  }

  async watermarks(topic: string): Promise<readonly Watermarks[]> {
    return this.reader.watermarks(topic);
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    options: ReadOptions = {},
  ): Promise<readonly StoredRecord[]> {
    return this.reader.read({ topic, partition }, from, options);
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    for (const topic of options.topics) await this.partitionCount(topic);
    const consumer = await consumeFromKafka(this.kafka, options, this.sessionTimeoutMs);
    this.consumers.add(consumer);
    return consumer;
  }

  /** Waits for what is in flight, at most 5 s, stops its consumers and closes the connections. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.consumers].map(async (consumer) => consumer.stop()));
    const idle = Promise.all([...this.lanes.values()].map(async (lane) => lane.idle()));
    await within(CLOSE_GRACE_MS, idle);
    await within(CLOSE_GRACE_MS, Promise.all(this.clusters.map(async (one) => one.disconnect())));
  }

  private laneOf(topic: string, partition: number): AppendLane {
    const name = `${topic}[${partition}]`;
    const existing = this.lanes.get(name);
    if (existing) return existing;
    const lane = new AppendLane({
      name,
      budget: this.budget,
      deadlineMs: this.deadlineMs,
      send: async (records, isWanted) => {
        const batch = encodeRecordBatch(records, CODEC, Date.now());
        return this.sender.send({ topic, partition }, batch, () => isWanted() && !this.closed);
      },
    });
    this.lanes.set(name, lane);
    return lane;
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
