import type { Kafka } from 'kafkajs';
import { kafkajs } from './kafka-internals.js';
import { patchKafkajs } from './kafka-patches.js';
import type { KafkaSecurity } from './kafka-security.js';

const REQUEST_TIMEOUT_MS = 30_000;

/** kafkajs's own client, patched and silent: what goes wrong reaches the caller as an error with its cause. */
export function createKafka(
  brokers: readonly string[],
  clientId: string,
  security: KafkaSecurity = {},
): Kafka {
  patchKafkajs();
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...security,
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    connectionTimeout: 3_000,
    // Half of each pause by chance: a fleet that lost its brokers together does not come back together.
    retry: { retries: 8, initialRetryTime: 300, maxRetryTime: 5_000, factor: 0.5, multiplier: 2 },
  });
}
