// What others do to a topic: produce with another codec, delete old records, add partitions.
import { describeWithKafka, freshTopic } from '../../testing/kafka.js';
import { OffsetOutOfRange } from '../event-log.js';
import { createKafka } from '../kafka-client.js';
import { KafkaLog } from '../kafka-log.js';
import { TOPIC_CONFIG } from '../topic-settings.js';
import { texts } from './contract-topics.js';
import { Reader, until } from './reader.js';

const GZIP = 1;
const DESCRIBE_TOPIC = 2;

describeWithKafka('a Kafka topic in the hands of others', (brokers) => {
  const log = new KafkaLog({ brokers, clientId: 'foreign' });
  const kafka = createKafka(brokers, 'foreign');
  const admin = kafka.admin();
  const readers: Reader[] = [];
  let topic: string;
  beforeAll(async () => admin.connect());
  beforeEach(async () => {
    topic = freshTopic('foreign');
    await log.ensureTopics([{ name: topic, partitions: 2 }]);
  });
  afterEach(async () => {
    await Promise.all(readers.splice(0).map(async (reader) => reader.stop()));
  });
  afterAll(async () => {
    await admin.disconnect();
    await log.close();
  });

  it('has the settings that it was made with', async () => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: DESCRIBE_TOPIC, name: topic, configNames: Object.keys(TOPIC_CONFIG) }],
    });
    const entries = resources[0]?.configEntries.map(({ configName, configValue }) => [
      configName,
      configValue,
    ]);
    expect(Object.fromEntries(entries ?? [])).toEqual(TOPIC_CONFIG);
  });

  it('takes what another client compressed otherwise, and the consumer goes on', async () => {
    const producer = kafka.producer();
    await producer.connect();
    const messages = texts('gzip', 20).map(({ value }) => ({ value, partition: 0 }));
    await producer.send({ topic, compression: GZIP, messages });
    await producer.disconnect();
    await log.append(topic, 0, texts('ours', 2));
    const reader = await new Reader().start(log, freshTopic('group'), [topic]);
    readers.push(reader);
    await until(
      () => reader.texts.length === 22,
      () => [reader.texts, reader.crashes],
    );
    expect(reader.texts.slice(19)).toEqual(['gzip19', 'ours0', 'ours1']);
  });

  it('whose old records were deleted is read from its oldest, and says so when asked for older', async () => {
    await log.append(topic, 0, texts('a', 10));
    const reader = await new Reader(({ records }) =>
      records[0]?.offset === 6 ? { kind: 'applied' } : { kind: 'retry', afterMs: 10 },
    ).start(log, freshTopic('group'), [topic]);
    readers.push(reader);
    // kafkajs looks for the leader before it has read the topic's metadata.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    await until(
      () => reader.batches.at(-1)?.records[0]?.offset === 6,
      () => reader.batches.at(-1),
    );
    expect((await log.watermarks(topic))[0]).toEqual({ partition: 0, low: 6, high: 10 });
    const failure = await log.read(topic, 0, 2).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OffsetOutOfRange);
    expect(failure).toMatchObject({ offset: 2, low: 6, high: 10 });
    expect((await log.read(topic, 0, 6)).map(({ offset }) => offset)).toEqual([6, 7, 8, 9]);
  });
});
