// Writes one batch to one partition and repeats it until the broker has answered for exactly that partition. It replaces kafkajs's
// own `send`, which loses acknowledged records in three ways (kafkajs.md, K1 to K3) and reports a fourth as success (K4).
import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailable, RecordTooLarge, type TopicPartition } from './event-log.js';
import {
  type KafkaBroker,
  type KafkaCluster,
  type KafkaFault,
  type ProduceReply,
} from './kafka-internals.js';
import { learnFrom } from './kafka-cluster.js';
import type { Produce } from './kafka-produce.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];

export class KafkaSender {
  constructor(
    private readonly cluster: KafkaCluster,
    private readonly produce: Produce,
  ) {}

  /**
   * Gives the offset of the batch's first record. The same bytes are repeated after every fault that may pass, so the batch may
   * be in the log more than once, but never after a later batch of the same lane. Gives up when nobody wants it any more.
   */
  async send(at: TopicPartition, batch: Buffer, isWanted: () => boolean): Promise<number> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await this.attempt(at, batch);
      } catch (error) {
        const failure = finalFailure(at, error);
        if (failure) throw failure;
        if (!isWanted()) throw unavailable(at, error);
        learnFrom(this.cluster, error as KafkaFault);
      }
      // Half of it by chance: a fleet that lost its broker together does not come back together.
      await sleep(pauseMs * (0.5 + Math.random() / 2));
      await this.cluster.refreshMetadata().catch(() => undefined);
    }
  }

  private async attempt(at: TopicPartition, batch: Buffer): Promise<number> {
    return firstOffsetIn(await this.produce(await this.leaderOf(at), at, batch), at);
  }

  private async leaderOf({ topic, partition }: TopicPartition): Promise<KafkaBroker> {
    if (!this.cluster.isConnected()) await this.cluster.connect();
    await this.cluster.addMultipleTargetTopics([topic]);
    await this.cluster.refreshMetadataIfNecessary();
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined) throw new Error(`${topic}[${partition}] has no known leader`);
    return this.cluster.findBroker({ nodeId });
  }
}

// kafkajs resolves with an empty answer when nothing was sent: only an answer that names the partition counts.
function firstOffsetIn(reply: ProduceReply, { topic, partition }: TopicPartition): number {
  const named = reply.topics
    .find(({ topicName }) => topicName === topic)
    ?.partitions.find((answer) => answer.partition === partition);
  const offset = Number(named?.baseOffset);
  if (!named || named.errorCode !== 0 || !Number.isSafeInteger(offset) || offset < 0)
    throw new Error(`the answer does not acknowledge ${topic}[${partition}]`);
  return offset;
}

function finalFailure(at: TopicPartition, error: unknown): Error | undefined {
  const { name, type, retriable, message } = error as KafkaFault;
  if (type !== undefined && TOO_LARGE.includes(type))
    return new RecordTooLarge(message, { cause: error });
  return name === 'KafkaJSProtocolError' && retriable === false
    ? unavailable(at, error)
    : undefined;
}

function unavailable({ topic, partition }: TopicPartition, cause: unknown): LogUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LogUnavailable(`${topic}[${partition}] cannot be written: ${reason}`, { cause });
}
