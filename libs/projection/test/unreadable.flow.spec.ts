// A disk that errs: one bit of the broker's own file is another one than was written, and stays so.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../http/problem.js';
import { KafkaLog } from '../../log/kafka-log.js';
import { Metrics } from '../../telemetry/metrics.js';
import { describeWithOwnKafka, freshTopic, type OwnKafka } from '../../testing/kafka.js';
import { Halts } from '../halts.js';
import { Bench, tally, until } from './tally.js';

const ACT = { by: 'key_ops', note: 'the disk is replaced' };

/** Flips the last bit of the n-th batch of a partition, as it lies on the disk. */
function flip(kafka: OwnKafka, topic: string, nth: number): void {
  const file = join(kafka.folder, `${topic}-0`, '00000000000000000000.log');
  const bytes = readFileSync(file);
  let end = 0;
  for (let batch = 0; batch <= nth; batch += 1) end += 12 + bytes.readInt32BE(end + 8);
  bytes[end - 1] = (bytes[end - 1] as number) ^ 1;
  writeFileSync(file, bytes);
}

describeWithOwnKafka('a record that the log cannot read', (kafka) => {
  it('halts its partition with offset and fault, alone, until its gap is accepted', async () => {
    const bench = await Bench.open(2);
    const { brokers } = kafka();
    const log = new KafkaLog({ brokers, clientId: 'unreadable', readDeadlineMs: 500 });
    const topic = freshTopic('unreadable');
    const metrics = new Metrics('test');
    try {
      await log.ensureTopics([{ name: topic, partitions: 2 }]);
      const append = async (partition: number, value: string): Promise<unknown> =>
        log.append(topic, partition, [{ key: null, value: Buffer.from(value) }]);
      for (const value of ['1', '2', '4']) await append(0, value);
      flip(kafka(), topic, 1);
      const projection = tally({ name: topic, topics: [topic] });
      const runner = await bench.start(projection, { log, metrics });
      await append(1, '8');

      const reasons = [`${topic} ${topic}[0] is halted: log_unreadable`];
      await until(() => runner.reasonsNotReady().join() === reasons.join(), 60_000);
      const at = { projection: topic, topic, partition: 0 };
      const halts = new Halts(bench.source, log, Date.now);
      const fault = `${topic}[0] cannot be read at 1: the CRC of the record batch at 1 is wrong`;
      const row = async () => bench.row(0, topic, topic);
      expect(await row()).toMatchObject({ next_offset: '1', halt_detail: fault });
      expect(await metrics.registry.metrics()).toContain(`reason="log_unreadable",offset="1"`);
      // The other partition of the same broker, in the same answers, went on.
      await until(async () => (await bench.folded()).units === 9);

      const kept = await halts.quarantine(at, 1, ACT).catch((error: unknown) => error as Problem);
      expect(kept).toMatchObject({ status: 409, code: 'unreadable_offset' });
      await halts.acceptGap(at, { from: 1, to: 1 }, ACT);
      await until(async () => (await bench.folded()).units === 13, 60_000);
      expect(await bench.folded()).toEqual({ records: 3, twice: 0, units: 13 });
      expect(await row()).toMatchObject({ next_offset: '3', halt_reason: null });
      expect(await metrics.registry.metrics()).not.toContain('log_unreadable');
    } finally {
      await bench.close();
      await log.close();
    }
  }, 240_000);
});
