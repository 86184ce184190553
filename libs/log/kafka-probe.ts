import { createCluster } from './kafka-cluster.js';
import { patchKafkajs } from './kafka-patches.js';

/** True when a metadata request is answered and names a broker: an open port alone says nothing. Never rejects for an absent broker. */
export async function brokersAnswer(brokers: readonly string[]): Promise<boolean> {
  patchKafkajs();
  const cluster = createCluster({
    brokers,
    clientId: 'probe',
    requestTimeoutMs: 2_000,
    retries: 0,
  });
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    return cluster.getNodeIds().length > 0;
  } catch {
    return false;
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}
