import { openLog } from '../../log/open-log.js';
import type { EventLog } from '../../log/event-log.js';
import { describeWithKafka, freshTopic } from '../../testing/kafka.js';
import { Bench, tally, until } from './tally.js';

const PARTITIONS = 4;

describeWithKafka('projection on Kafka', (brokers) => {
  let bench: Bench;
  let log: EventLog;
  let topic: string;

  beforeAll(async () => {
    bench = await Bench.open(PARTITIONS);
    log = await openLog({ kind: 'kafka', brokers, clientId: 'projection-spec' });
    topic = freshTopic('projection');
    await log.ensureTopics([{ name: topic, partitions: PARTITIONS }]);
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await log.close();
  }, 60_000);

  it('counts once while a second instance joins and leaves', async () => {
    const projection = tally({ name: topic, topics: [topic], maxRecords: 50 });
    let sent = 0;
    const send = async (): Promise<void> => {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const records = Array.from({ length: 100 }, () => ({ key: null, value: Buffer.from('1') }));
        await log.append(topic, partition, records);
        sent += records.length;
      }
    };
    const first = await bench.start(projection, { log });
    await send();
    await until(async () => (await bench.folded()).records === sent, 30_000);
    expect(first.reasonsNotReady()).toEqual([]);
    for (let round = 0; round < 2; round++) {
      const guest = await bench.start(projection, { log });
      for (let burst = 0; burst < 10; burst++) await send();
      await guest.stop();
      await send();
    }
    await until(async () => (await bench.folded()).records >= sent, 60_000);
    expect(await bench.folded()).toEqual({ records: sent, twice: 0, units: sent });
  }, 150_000);
});
