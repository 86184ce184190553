import type { TopicPartition } from './event-log.js';

/** `usage.recorded/3`: a partition as the key of a map. Topic names hold no slash. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
