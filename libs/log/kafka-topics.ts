// Creates topics with their settings, and compares those that exist, through kafkajs's admin client, connected only for that.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { LogUnavailable, TopicSettingsDiffer } from './event-log.js';
import { COMPARED_SETTINGS, topicDifferences } from './topic-differences.js';
import { CLUSTER_MIN_INSYNC, CLUSTER_REPLICATION, TOPIC_CONFIG } from './topic-settings.js';

// kafkajs's ConfigResourceTypes.TOPIC.
const OF_TOPIC = 2;
// A broker may know a topic a moment after the one that listed it.
const NOT_TOLD = /AUTHORIZATION_FAILED|UNKNOWN_TOPIC_OR_PARTITION/;

/** A service may start while one broker of several is away: kafkajs's admin asks that one and does not look for another. */
const START_DEADLINE_MS = 30_000;
const AGAIN_MS = 250;

interface Topic {
  readonly name: string;
  readonly partitions: number;
}

/** Where warnings go: a pino logger is one. */
export interface WarningSink {
  warn(fields: object, message: string): void;
}

/**
 * Creates those that are missing; another process may create them at the same time. Existing ones are left as they are and
 * compared: rejects with TopicSettingsDiffer for what breaks the accounting, and warns of `topic_settings_differ` else.
 * A broker that does not answer is asked again for 30 s; then it rejects with LogUnavailable.
 */
export async function createMissingTopics(
  kafka: Kafka,
  topics: readonly Topic[],
  sink: WarningSink,
): Promise<void> {
  const end = performance.now() + START_DEADLINE_MS;
  for (;;)
    try {
      await attempt(kafka, topics, sink);
      return;
    } catch (error) {
      if (!isPassing(error) || performance.now() > end) throw error;
      await sleep(AGAIN_MS);
    }
}

// kafkajs says of its errors whether they pass; one that it gave up on does not say so any more.
function isPassing(error: unknown): boolean {
  if (!(error instanceof LogUnavailable)) return false;
  const { retriable, name } = (error.cause ?? {}) as { retriable?: boolean; name?: string };
  return retriable === true || name === 'KafkaJSNumberOfRetriesExceeded';
}

async function attempt(kafka: Kafka, topics: readonly Topic[], sink: WarningSink): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const { brokers } = await admin.describeCluster();
    const there = topics.filter(({ name }) => existing.has(name));
    const missing = topics.filter(({ name }) => !existing.has(name));
    // Before anything is made: a start that is refused leaves nothing behind.
    if (there.length > 0) await compareSettings(admin, there, { brokers: brokers.length, sink });
    if (missing.length > 0) await create(admin, missing, brokers.length);
  } catch (error) {
    if (error instanceof TopicSettingsDiffer) throw error;
    throw new LogUnavailable(`topics cannot be created: ${String(error)}`, { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function create(admin: Admin, topics: readonly Topic[], brokers: number): Promise<void> {
  const replicationFactor = Math.min(CLUSTER_REPLICATION, brokers);
  const config =
    replicationFactor < CLUSTER_REPLICATION
      ? TOPIC_CONFIG
      : { ...TOPIC_CONFIG, 'min.insync.replicas': CLUSTER_MIN_INSYNC };
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map(({ name, partitions }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
  });
}

async function compareSettings(
  admin: Admin,
  topics: readonly Topic[],
  { brokers, sink }: { readonly brokers: number; readonly sink: WarningSink },
): Promise<void> {
  const errors: string[] = [];
  for (const [topic, found] of await settingsOf(admin, topics, sink)) {
    const differences = topicDifferences(found, brokers);
    errors.push(...differences.errors.map((text) => `${topic}: ${text}`));
    if (differences.warnings.length > 0)
      sink.warn({ topic, differences: differences.warnings }, 'topic_settings_differ');
  }
  if (errors.length > 0) throw new TopicSettingsDiffer(errors);
}

// A key that may not ask (DESCRIBE_CONFIGS) still starts: it is told that nobody compared.
async function settingsOf(
  admin: Admin,
  topics: readonly Topic[],
  sink: WarningSink,
): Promise<readonly (readonly [string, ReadonlyMap<string, string>])[]> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map(({ name }) => ({
        type: OF_TOPIC,
        name,
        configNames: [...COMPARED_SETTINGS],
      })),
    });
    return resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]);
  } catch (error) {
    if (!NOT_TOLD.test((error as { type?: string }).type ?? '')) throw error;
    sink.warn({ err: error, topics: topics.map(({ name }) => name) }, 'topic_settings_not_read');
    return [];
  }
}
