// Topics that were there before us, made by others with other settings.
import { describeWithKafka, freshTopic } from '../../testing/kafka.js';
import { PartitionCountDiffers, TopicSettingsDiffer } from '../event-log.js';
import { createKafka } from '../kafka-client.js';
import { KafkaLog } from '../kafka-log.js';
import { TOPIC_CONFIG } from '../topic-settings.js';

describeWithKafka('a topic that others made', (brokers) => {
  const warned: [object, string][] = [];
  const logger = { warn: (fields: object, message: string) => void warned.push([fields, message]) };
  const log = new KafkaLog({ brokers, clientId: 'settings', logger });
  const admin = createKafka(brokers, 'settings').admin();
  beforeAll(async () => admin.connect());
  beforeEach(() => {
    warned.length = 0;
  });
  afterAll(async () => {
    await admin.disconnect();
    await log.close();
  });

  async function made(changes: Record<string, string>): Promise<string> {
    const topic = freshTopic('settings');
    const configEntries = Object.entries({ ...TOPIC_CONFIG, ...changes }).map(([name, value]) => ({
      name,
      value,
    }));
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: 2, replicationFactor: 1, configEntries }],
    });
    return topic;
  }

  it.each([
    ['cleanup.policy', 'compact'],
    ['message.timestamp.type', 'CreateTime'],
    ['retention.ms', '604800000'],
    ['retention.bytes', '1073741824'],
  ])('is refused at start with %s %s, and nothing else is made', async (name, value) => {
    const topic = await made({ [name]: value });
    const other = freshTopic('settings');
    const asked = [topic, other].map((one) => ({ name: one, partitions: 2 }));
    const failure = await log.ensureTopics(asked).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TopicSettingsDiffer);
    expect(String(failure)).toContain(`${topic}: ${name} is ${value}, not ${TOPIC_CONFIG[name]}`);
    expect(await admin.listTopics()).not.toContain(other);
  });

  it('is taken with a warning where the rest differs', async () => {
    const topic = await made({ 'compression.type': 'producer', 'max.message.bytes': '500000' });
    await log.ensureTopics([{ name: topic, partitions: 2 }]);
    const differences = [
      'compression.type is producer, not zstd',
      'max.message.bytes is 500000, not at least 1048576',
    ];
    expect(warned).toEqual([[{ topic, differences }, 'topic_settings_differ']]);
  });

  it('is taken in silence when it is as ours, and refused with fewer partitions', async () => {
    const topic = await made({});
    await log.ensureTopics([{ name: topic, partitions: 2 }]);
    expect(warned).toEqual([]);
    await expect(log.ensureTopics([{ name: topic, partitions: 3 }])).rejects.toThrow(
      PartitionCountDiffers,
    );
  });
});
