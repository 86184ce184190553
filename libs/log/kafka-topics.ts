// Creates topics with their settings through kafkajs's admin client, which is connected only for that.
import type { Kafka } from 'kafkajs';
import { LogUnavailable } from './event-log.js';
import { CLUSTER_MIN_INSYNC, CLUSTER_REPLICATION, TOPIC_CONFIG } from './topic-settings.js';

/** Creates those that are missing; another process may create them at the same time. Existing ones are left as they are. */
export async function createMissingTopics(
  kafka: Kafka,
  topics: readonly { readonly name: string; readonly partitions: number }[],
): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return;
    const { brokers } = await admin.describeCluster();
    const replicationFactor = Math.min(CLUSTER_REPLICATION, brokers.length);
    const config =
      replicationFactor < CLUSTER_REPLICATION
        ? TOPIC_CONFIG
        : { ...TOPIC_CONFIG, 'min.insync.replicas': CLUSTER_MIN_INSYNC };
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  } catch (error) {
    throw new LogUnavailable(`topics cannot be created: ${String(error)}`, { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
