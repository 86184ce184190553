import type { TopicPartition } from './event-log.js';

/**
 * Deals partitions to members in turn, both in their sorted order, so that every member computes the same shares from the same
 * list: 3 partitions and members a, b give a = {0, 2}, b = {1}. A partition goes only to members that asked for it.
 */
export function assignRoundRobin(
  members: readonly { readonly id: string; readonly partitions: readonly TopicPartition[] }[],
): Map<string, TopicPartition[]> {
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const wanted = new Map<string, { at: TopicPartition; by: string[] }>();
  for (const { id, partitions } of sorted)
    for (const at of partitions) {
      const key = `${at.topic}/${String(at.partition).padStart(6, '0')}`;
      const entry = wanted.get(key) ?? { at, by: [] };
      entry.by.push(id);
      wanted.set(key, entry);
    }
  const shares = new Map<string, TopicPartition[]>(sorted.map(({ id }) => [id, []]));
  const keys = [...wanted.keys()].toSorted();
  for (const [turn, key] of keys.entries()) {
    const { at, by } = wanted.get(key) as { at: TopicPartition; by: string[] };
    shares.get(by[turn % by.length] as string)?.push(at);
  }
  return shares;
}
