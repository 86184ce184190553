// The body of a Produce request, version 7: https://kafka.apache.org/protocol#The_Messages_Produce
import type { TopicPartition } from './event-log.js';

const ALL_IN_SYNC = -1;

/** One encoded batch for one partition. */
export interface Waiting {
  readonly at: TopicPartition;
  readonly batch: Buffer;
}

/** All batches, grouped by topic; a partition comes once. `timeoutMs`: how long the broker may wait for the other replicas. */
export function produceBody(waiting: readonly Waiting[], timeoutMs: number): Buffer {
  const topics = Map.groupBy(waiting, ({ at }) => at.topic);
  const head = Buffer.alloc(2 + 2 + 4 + 4);
  head.writeInt16BE(-1, 0); // no transactional id
  head.writeInt16BE(ALL_IN_SYNC, 2);
  head.writeInt32BE(timeoutMs, 4);
  head.writeInt32BE(topics.size, 8);
  const parts: Buffer[] = [head];
  for (const [topic, group] of topics) {
    parts.push(topicHead(topic, group.length));
    for (const { at, batch } of group) parts.push(partitionHead(at.partition, batch.length), batch);
  }
  return Buffer.concat(parts);
}

function topicHead(topic: string, partitions: number): Buffer {
  const name = Buffer.from(topic, 'utf8');
  const head = Buffer.alloc(2 + name.length + 4);
  head.writeInt16BE(name.length, 0);
  name.copy(head, 2);
  head.writeInt32BE(partitions, 2 + name.length);
  return head;
}

function partitionHead(partition: number, bytes: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(partition, 0);
  head.writeInt32BE(bytes, 4);
  return head;
}
