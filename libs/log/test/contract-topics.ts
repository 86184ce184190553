import { freshTopic } from '../../testing/kafka.js';
import type { EventLog, NewRecord } from '../event-log.js';

/** `a0`, `a1`, … as records of one key. */
export const texts = (prefix: string, count: number): NewRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    key: 'k',
    value: Buffer.from(`${prefix}${index}`),
  }));

/** A new topic of the log under test. */
export async function topicOf(log: EventLog, partitions = 1): Promise<string> {
  const name = freshTopic('contract');
  await log.ensureTopics([{ name, partitions }]);
  return name;
}
