// A connection to the brokers of its own, outside kafkajs's producer and consumer, and what faults say about it.
import {
  ClusterInternals,
  type KafkaBroker,
  type KafkaCluster,
  type KafkaFault,
  kafkajs,
  loggers,
  socketFactory,
} from './kafka-internals.js';
import type { KafkaSecurity } from './kafka-security.js';

export interface ClusterSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly retries?: number;
  readonly security?: KafkaSecurity;
}

/** Connects at its first use. */
export function createCluster(settings: ClusterSettings): KafkaCluster {
  return new ClusterInternals({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    ...settings.security,
    requestTimeout: settings.requestTimeoutMs,
    logger: loggers.createLogger({
      level: kafkajs.logLevel.NOTHING,
      logCreator: () => () => undefined,
    }),
    socketFactory: socketFactory(),
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    reauthenticationThreshold: 10_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: 1,
    // Few and short: the callers here have their own deadlines and their own loops.
    retry: {
      retries: settings.retries ?? 2,
      initialRetryTime: 100,
      maxRetryTime: 1_000,
      factor: 0.5,
      multiplier: 2,
    },
  });
}

/** Forgets a broker object and closes it when its requests have ended; the next use makes a new connection. */
export function discardBroker(cluster: KafkaCluster, broker: KafkaBroker): void {
  const { host, port } = broker.connectionPool;
  // Another lane may have replaced it already: the newer one stays.
  if (cluster.brokerPool.brokers[broker.nodeId] === broker) cluster.removeBroker({ host, port });
  broker.disconnect().catch(() => undefined);
}

/**
 * What a fault says about the cluster's state: a broker that did not answer may be behind a dead connection, and a topic that was
 * deleted would make the metadata of every other topic unreadable.
 */
export function learnFrom(cluster: KafkaCluster, fault: KafkaFault): void {
  if (fault.type === 'UNKNOWN_TOPIC_OR_PARTITION') cluster.targetTopics.clear();
  if (fault.name !== 'KafkaJSRequestTimeoutError') return;
  const { brokers, seedBroker } = cluster.brokerPool;
  for (const broker of new Set([...Object.values(brokers), ...(seedBroker ? [seedBroker] : [])])) {
    const { host, port } = broker.connectionPool;
    if (`${host}:${port}` === fault.broker) discardBroker(cluster, broker);
  }
}
