// Brokers in memory behind kafkajs's own `sendMessages` and behind ours: the faults of kafkajs.md section 1, made at will.
import { createRequire } from 'node:module';
import type { TopicPartition } from '../event-log.js';
import type { KafkaBroker, KafkaCluster, ProduceReply } from '../kafka-internals.js';
import type { Produce } from '../kafka-produce.js';

const load = createRequire(import.meta.url);
const errors = load('kafkajs/src/errors') as {
  KafkaJSProtocolError: new (fault: Record<string, unknown>) => Error;
  KafkaJSRequestTimeoutError: new (message: string, details: Record<string, unknown>) => Error;
};

export const TOPIC = 't';

export interface ProduceData {
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number;
      readonly messages: readonly { readonly value: string }[];
    }[];
  }[];
}

/** What happens to one Produce request; nothing when the broker does its work. */
export type Fault = 'answer lost' | 'not enough replicas' | 'message too large' | 'empty answer';

export class StubBroker {
  readonly connectionPool = { host: 'stub', port: 1, send: async () => undefined };

  constructor(
    readonly nodeId: number,
    private readonly cluster: StubCluster,
  ) {}

  async initProducerId() {
    return { producerId: 7, producerEpoch: 0 };
  }

  async disconnect(): Promise<void> {
    return;
  }

  async produce({ topicData }: ProduceData): Promise<ProduceReply> {
    const { cluster, nodeId } = this;
    const partitions = topicData[0]?.partitions ?? [];
    const fault = cluster.faults.shift();
    await new Promise((resolve) => {
      setTimeout(resolve, nodeId === 1 ? 20 : 5);
    });
    if (partitions.some(({ partition }) => cluster.leaders[partition] !== nodeId))
      throw protocolError('NOT_LEADER_FOR_PARTITION', true);
    if (fault === 'not enough replicas') throw protocolError('NOT_ENOUGH_REPLICAS', true);
    if (fault === 'message too large') throw protocolError('MESSAGE_TOO_LARGE', false);
    if (fault === 'empty answer') return { topics: [] };
    const answers = partitions.map((part) => ({
      partition: part.partition,
      errorCode: 0,
      baseOffset: String(cluster.store(part)),
      logAppendTime: '0',
    }));
    if (fault === 'answer lost')
      throw new errors.KafkaJSRequestTimeoutError('Request Produce timed out', {});
    return { topics: [{ topicName: TOPIC, partitions: answers }] };
  }
}

/** Two brokers. `leaders` is the truth, `known` what a client's metadata says until it refreshes. */
export class StubCluster {
  readonly logs: string[][] = [[], []];
  /** For the next Produce requests, in the order they come. */
  faults: (Fault | undefined)[] = [];
  leaders: number[] = [1, 2];
  private known: number[] = [1, 2];
  private readonly brokers = new Map([1, 2].map((id) => [id, new StubBroker(id, this)]));
  // The broker's own defence against repeats: the sequence ranges that it has seen.
  private readonly ranges: { first: number; last: number }[] = [];

  readonly retry = { retries: 10, initialRetryTime: 20 };
  readonly brokerPool = { brokers: {} };
  readonly targetTopics = new Set<string>();
  isConnected = () => true;
  removeBroker = () => undefined;
  connect = async () => undefined;
  addMultipleTargetTopics = async () => undefined;
  refreshMetadataIfNecessary = async () => undefined;
  refreshMetadata = async () => {
    this.known = [...this.leaders];
  };
  findControllerBroker = async () => this.brokers.get(1);
  findBroker = async ({ nodeId }: { nodeId: string | number }) => this.brokers.get(Number(nodeId));
  findTopicPartitionMetadata = () =>
    this.known.map((leader, partitionId) => ({ partitionId, leader }));
  findLeaderForPartitions = (_: string, partitions: readonly (string | number)[]) => {
    const found: Record<string, number[]> = {};
    for (const partition of partitions.map(Number)) {
      const leader = this.known[partition];
      if (leader !== undefined) (found[leader] ??= []).push(partition);
    }
    return found;
  };

  /** Appends, or, with sequence numbers, recognises a repeat by its range as a broker does. Gives the first offset. */
  store(part: ProduceData['topicData'][number]['partitions'][number]): number {
    const log = this.logs[part.partition] as string[];
    const first = part.firstSequence ?? 0;
    const last = first + part.messages.length - 1;
    if (this.idempotent) {
      if (this.ranges.some((seen) => seen.first === first && seen.last === last)) return -1;
      this.ranges.push({ first, last });
    }
    log.push(...part.messages.map(({ value }) => value));
    return log.length - part.messages.length;
  }

  idempotent = false;

  /** As the type that our sender takes. */
  asCluster(): KafkaCluster {
    return this as unknown as KafkaCluster;
  }
}

/** Our Produce, over the stub: the batch is a JSON list of values. */
export const produceToStub: Produce = async (broker, at, batch) =>
  (broker as KafkaBroker & StubBroker).produce({
    topicData: [
      {
        topic: at.topic,
        partitions: [
          {
            partition: at.partition,
            messages: (JSON.parse(batch.toString()) as string[]).map((value) => ({ value })),
          },
        ],
      },
    ],
  });

type Send = (request: {
  acks: number;
  timeout: number;
  topicMessages: { topic: string; messages: { partition?: number; value: string }[] }[];
}) => Promise<(TopicPartition & { errorCode: number })[]>;

/** kafkajs's own `send`, as its producer wires it. */
export async function kafkajsSend(cluster: StubCluster): Promise<Send> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const logger = { ...silent, namespace: () => logger };
  const createEosManager = load('kafkajs/src/producer/eosManager') as (options: object) => {
    initProducerId(): Promise<void>;
  };
  const eosManager = createEosManager({ logger, cluster, transactional: false });
  if (cluster.idempotent) await eosManager.initProducerId();
  const { DefaultPartitioner } = load('kafkajs/src/producer/partitioners') as {
    DefaultPartitioner: () => unknown;
  };
  const retrier = (load('kafkajs/src/retry') as (options: object) => unknown)(cluster.retry);
  const createSend = load('kafkajs/src/producer/sendMessages') as (options: object) => Send;
  return createSend({ logger, cluster, partitioner: DefaultPartitioner(), eosManager, retrier });
}

function protocolError(type: string, retriable: boolean): Error {
  return new errors.KafkaJSProtocolError({ message: type, type, code: 1, retriable });
}
