// The Produce request (version 7, the newest that kafkajs can read the answer of) for one batch of one partition.
import type { TopicPartition } from './event-log.js';
import {
  Encoder,
  type KafkaBroker,
  PRODUCE_V7_RESPONSE,
  type ProduceReply,
} from './kafka-internals.js';

const PRODUCE = 0;
const VERSION = 7;
const ALL_IN_SYNC = -1;

/** Sends one encoded batch to a broker; rejects with kafkajs's errors, also for an error code in the answer. */
export type Produce = (
  broker: KafkaBroker,
  at: TopicPartition,
  batch: Buffer,
) => Promise<ProduceReply>;

/** `timeoutMs`: how long the broker may wait for the other replicas. */
export function produceWithin(timeoutMs: number): Produce {
  return async (broker, at, batch) => {
    const encode = async () => {
      const body = produceBody(at, batch, timeoutMs);
      const encoder = new Encoder(body.length);
      encoder.writeBufferInternal(body);
      return encoder;
    };
    const reply = await broker.connectionPool.send({
      request: { apiKey: PRODUCE, apiVersion: VERSION, apiName: 'Produce', encode },
      response: PRODUCE_V7_RESPONSE,
    });
    return reply as ProduceReply;
  };
}

function produceBody(at: TopicPartition, batch: Buffer, timeoutMs: number): Buffer {
  const topic = Buffer.from(at.topic, 'utf8');
  const head = Buffer.alloc(2 + 2 + 4 + 4 + 2 + topic.length + 4 + 4 + 4);
  let next = head.writeInt16BE(-1, 0); // no transactional id
  next = head.writeInt16BE(ALL_IN_SYNC, next);
  next = head.writeInt32BE(timeoutMs, next);
  next = head.writeInt32BE(1, next); // topics
  next = head.writeInt16BE(topic.length, next);
  next += topic.copy(head, next);
  next = head.writeInt32BE(1, next); // partitions
  next = head.writeInt32BE(at.partition, next);
  head.writeInt32BE(batch.length, next);
  return Buffer.concat([head, batch]);
}
