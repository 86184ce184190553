// A wire that errs: bytes of a fetch that changed on their way are never given to a reader, who gets the right ones a moment later.
import { describeWithKafka, freshTopic } from '../../testing/kafka.js';
import { Connection } from '../kafka-internals.js';
import { KafkaLog } from '../kafka-log.js';
import { texts } from './contract-topics.js';
import { Reader, until } from './reader.js';

/** Large enough to be nothing but the records of a fetch. */
const OF_RECORDS = 5_000;

interface Wire {
  processData: (this: unknown, bytes: Buffer) => void;
}

describeWithKafka('a wire that errs', (brokers) => {
  const wire = Connection.prototype as unknown as Wire;
  const sound = wire.processData;
  const log = new KafkaLog({ brokers, clientId: 'wire' });
  let flips = 0;

  // Flips one bit in the middle of the next large answers.
  function err(times: number): void {
    flips = 0;
    wire.processData = function flipped(bytes: Buffer) {
      const changed = Buffer.from(bytes);
      if (bytes.length > OF_RECORDS && flips < times) {
        flips += 1;
        changed[bytes.length >> 1] = (changed[bytes.length >> 1] as number) ^ 0x10;
      }
      sound.call(this, changed);
    };
  }

  afterEach(() => {
    wire.processData = sound;
  });
  afterAll(async () => log.close());

  // Noise does not pack: the records stay larger than any other answer.
  const noise = (count: number) =>
    texts('n', count).map(({ key, value }, index) => {
      const bytes = Buffer.alloc(200);
      for (let at = 0; at < bytes.length; at += 1)
        bytes[at] = 33 + ((at * 7_919 + index * 104_729 + (at * index) ** 2) % 90);
      return { key, value: Buffer.concat([value, bytes]) };
    });

  it('costs a consumer a moment, and nothing of what it reads', async () => {
    const topic = freshTopic('wire');
    await log.ensureTopics([{ name: topic, partitions: 1 }]);
    const records = noise(200);
    await log.append(topic, 0, records);
    err(2);
    const reader = await new Reader().start(log, `${topic}.group`, [topic]);
    await until(
      () => reader.texts.length >= records.length,
      () => [flips, reader.texts.length],
    );
    expect(flips).toBe(2);
    expect(reader.texts).toEqual(records.map(({ value }) => value.toString()));
    expect(reader.crashes).toEqual([]);
    await reader.stop();
  });

  it('costs a read a moment too', async () => {
    const topic = freshTopic('wire');
    await log.ensureTopics([{ name: topic, partitions: 1 }]);
    const records = noise(200);
    await log.append(topic, 0, records);
    err(1);
    const read = await log.read(topic, 0, 0);
    expect(flips).toBe(1);
    expect(read.map(({ value }) => value.toString())).toEqual(
      records.map(({ value }) => value.toString()),
    );
  });
});
