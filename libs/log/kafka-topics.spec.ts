import type { Kafka } from 'kafkajs';
import { LogUnavailable } from './event-log.js';
import { createMissingTopics } from './kafka-topics.js';

const TOPICS = [{ name: 'usage.recorded', partitions: 12 }];

/** A broker that has the topic, and fails to tell its settings with the error of this type. */
function failing(type: string): { kafka: Kafka; left: () => boolean } {
  let isLeft = false;
  const admin = {
    connect: async () => undefined,
    listTopics: async () => ['usage.recorded'],
    describeCluster: async () => ({ brokers: [{}] }),
    describeConfigs: async () => {
      throw Object.assign(new Error('told no settings'), { type });
    },
    disconnect: async () => {
      isLeft = true;
    },
  };
  return { kafka: { admin: () => admin } as unknown as Kafka, left: () => isLeft };
}

describe('topics of a cluster with a broker away', () => {
  it.each([
    { name: 'KafkaJSConnectionError', retriable: true },
    { name: 'KafkaJSNumberOfRetriesExceeded', retriable: false },
  ])('are asked for again: $name', async (fault) => {
    const { kafka } = failing('TOPIC_AUTHORIZATION_FAILED');
    const answering = kafka.admin();
    let asked = 0;
    const admin = {
      ...answering,
      connect: async () => {
        asked += 1;
        if (asked < 3) throw Object.assign(new Error('connect ECONNREFUSED'), fault);
      },
    };
    const sink = { warn: () => undefined };
    await createMissingTopics({ admin: () => admin } as unknown as Kafka, TOPICS, sink);
    expect(asked).toBe(3);
  });
});

describe('topics whose settings cannot be read', () => {
  const warned: [object, string][] = [];
  const sink = { warn: (fields: object, message: string) => void warned.push([fields, message]) };
  beforeEach(() => {
    warned.length = 0;
  });

  it.each([
    'TOPIC_AUTHORIZATION_FAILED',
    'CLUSTER_AUTHORIZATION_FAILED',
    'UNKNOWN_TOPIC_OR_PARTITION',
  ])('are taken with a warning that nobody compared them: %s', async (type) => {
    const { kafka, left } = failing(type);
    await createMissingTopics(kafka, TOPICS, sink);
    expect(warned).toEqual([
      [expect.objectContaining({ topics: ['usage.recorded'] }), 'topic_settings_not_read'],
    ]);
    expect(left()).toBe(true);
  });

  it('stop the start where the broker fails otherwise, and the connection is closed', async () => {
    const { kafka, left } = failing('REQUEST_TIMED_OUT');
    await expect(createMissingTopics(kafka, TOPICS, sink)).rejects.toThrow(LogUnavailable);
    expect([warned, left()]).toEqual([[], true]);
  });
});
