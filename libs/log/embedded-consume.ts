import type { Pool } from 'pg';
import { EmbeddedMember } from './embedded-group.js';
import type { EmbeddedSignals } from './embedded-signals.js';
import { type EmbeddedStore, PAGE } from './embedded-store.js';
import type { ConsumeOptions, LogConsumer, TopicPartition } from './event-log.js';
import { PolledConsumer } from './polled-consumer.js';

export interface EmbeddedParts {
  readonly pool: Pool;
  readonly store: EmbeddedStore;
  readonly signals: EmbeddedSignals;
}

/** A member of a group over the tables: its assignment from `EmbeddedMember`, its deliveries from `PolledConsumer`. */
export async function consumeFromTables(
  { pool, store, signals }: EmbeddedParts,
  options: ConsumeOptions,
): Promise<LogConsumer> {
  const { group, topics } = options;
  signals.start();
  const announce = async () => signals.groupChanged(group);
  const member = new EmbeddedMember({ pool, group, topics, announce }, async (names) =>
    partitionsOf(store, names),
  );
  const forget = signals.onGroupChange(group, () => member.hurry());
  const leave = async () => {
    forget();
    await member.leave();
  };
  const consumer = new PolledConsumer(options, {
    peek: async (at, from) => store.peek(at, from, PAGE),
    untilReadable: async (at, from, signal) => signals.untilReadable(at, from, signal),
    commitHint: (at, offset) => {
      store.hint(group, at, offset).catch(() => undefined);
    },
    leave,
  });
  try {
    await member.join(consumer);
  } catch (error) {
    await leave();
    throw error;
  }
  return consumer;
}

async function partitionsOf(
  store: EmbeddedStore,
  topics: readonly string[],
): Promise<TopicPartition[]> {
  const parts: TopicPartition[] = [];
  for (const topic of topics) {
    const { partitions } = await store.topic(topic);
    for (let partition = 0; partition < partitions; partition += 1)
      parts.push({ topic, partition });
  }
  return parts;
}
