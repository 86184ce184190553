import { readFileSync } from 'node:fs';
import { DEFAULT_PARTITIONS, TOPICS } from '../events/topics.js';
import { MAX_BATCH_BYTES } from './record-size.js';
import { CLUSTER_MIN_INSYNC, CLUSTER_REPLICATION, TOPIC_CONFIG } from './topic-settings.js';

const file = JSON.parse(
  readFileSync(new URL('../../infra/kafka/topics.json', import.meta.url), 'utf8'),
) as {
  config: Record<string, string>;
  cluster: Record<string, unknown>;
  topics: Record<string, { partitions: number }>;
};

describe('topic settings', () => {
  it('are the same in the code and in infra/kafka/topics.json', () => {
    expect(TOPIC_CONFIG).toEqual(file.config);
    expect(file.cluster).toEqual({
      'replication.factor': CLUSTER_REPLICATION,
      'min.insync.replicas': CLUSTER_MIN_INSYNC,
    });
  });

  it.each(TOPICS.map(({ name, single }) => [name, single ? 1 : DEFAULT_PARTITIONS]))(
    '%s has %i partitions',
    (name, partitions) => {
      expect(file.topics[name]).toEqual({ partitions });
    },
  );

  it('leave room for the header of a batch that is as large as it may be', () => {
    expect(Number(TOPIC_CONFIG['max.message.bytes']) - MAX_BATCH_BYTES).toBeGreaterThan(64 * 1024);
  });
});
