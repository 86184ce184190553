import { describeWithOwnKafka, freshTopic } from '../../testing/kafka.js';
import { type Appended, LogBusy, LogUnavailable } from '../event-log.js';
import { KafkaLog } from '../kafka-log.js';
import { texts } from './contract-topics.js';
import { Reader, until, wait } from './reader.js';

interface Acknowledged extends Appended {
  readonly partition: number;
  readonly text: string;
}

/** Every acknowledged record lies where its caller was told, and in the order in which they were told. */
async function expectHeld(log: KafkaLog, topic: string, acked: readonly Acknowledged[]) {
  const stored = new Map<string, string>();
  for (const { partition, high } of await log.watermarks(topic))
    for (let from = 0; from < high;) {
      const page = await log.read(topic, partition, from);
      for (const { offset, value } of page) stored.set(`${partition}/${offset}`, value.toString());
      from += page.length;
    }
  const lost = acked.filter(
    (one) => stored.get(`${one.partition}/${one.firstOffset}`) !== one.text,
  );
  expect(lost).toEqual([]);
}

/** Appends one record after the other per partition until told to stop; what fails is not repeated. */
function writeOn(log: KafkaLog, topic: string, partitions: number) {
  const acked: Acknowledged[] = [];
  const failures: Error[] = [];
  const abort = new AbortController();
  const writers = Array.from({ length: partitions }, async (_, partition) => {
    for (let n = 0; !abort.signal.aborted; n += 1) {
      const text = `${partition}:${n}`;
      try {
        const place = await log.append(topic, partition, [{ key: null, value: Buffer.from(text) }]);
        acked.push({ partition, text, ...place });
      } catch (error) {
        failures.push(error as Error);
      }
      await wait(2);
    }
  });
  const stop = async () => {
    abort.abort();
    await Promise.all(writers);
  };
  return { acked, failures, stop };
}

describeWithOwnKafka('Kafka that fails', (kafka) => {
  let log: KafkaLog;
  let topic: string;
  beforeEach(async () => {
    log = new KafkaLog({
      brokers: kafka().brokers,
      clientId: 'faults',
      appendDeadlineMs: 1_500,
      maxPendingBytes: 1 << 20,
    });
    topic = freshTopic('faults');
    await log.ensureTopics([{ name: topic, partitions: 3 }]);
  });
  afterEach(async () => log.close());

  it('by freezing: appends are refused in time and in bounds, none is lost, and it goes on', async () => {
    const writing = writeOn(log, topic, 3);
    await until(
      () => writing.acked.length > 100,
      () => writing.acked.length,
    );
    kafka().freeze();
    const before = writing.acked.length;
    const started = performance.now();
    const flood = await Promise.allSettled(
      Array.from({ length: 60 }, async () =>
        log.append(topic, 0, [{ key: null, value: Buffer.alloc(50_000) }]),
      ),
    );
    expect(performance.now() - started).toBeLessThan(3_000);
    const reasons = flood.map((one) => (one.status === 'rejected' ? one.reason : one.status));
    // 1 MiB holds about 20 of them: the others are refused at once, these when their time is over.
    expect(reasons.filter((reason) => reason instanceof LogBusy).length).toBeGreaterThan(30);
    expect(reasons.filter((reason) => reason instanceof LogUnavailable).length).toBeGreaterThan(15);
    expect(writing.acked.length - before).toBeLessThanOrEqual(3);
    kafka().thaw();
    const frozen = writing.acked.length;
    await until(
      () => writing.acked.length > frozen + 100,
      () => writing.failures.map(String),
    );
    await writing.stop();
    expect(writing.failures.every((e) => e instanceof LogUnavailable || e instanceof LogBusy)).toBe(
      true,
    );
    await expectHeld(log, topic, writing.acked);
  });

  it('by dying: writers and readers outlive it, nothing acknowledged is lost', async () => {
    const reader = await new Reader().start(log, freshTopic('group'), [topic]);
    const writing = writeOn(log, topic, 3);
    await until(
      () => reader.texts.length > 100,
      () => reader.texts.length,
    );
    await kafka().crash();
    const after = writing.acked.length;
    await until(
      () => writing.acked.length > after + 100,
      () => writing.failures.map(String),
    );
    await writing.stop();
    await expectHeld(log, topic, writing.acked);
    const last = writing.acked.at(-1)?.text ?? '';
    await until(
      () => reader.texts.includes(last),
      () => [reader.texts.length, reader.crashes.map(String)],
    );
    expect(reader.crashes).toEqual([]);
    const seen = new Set(reader.texts);
    expect(writing.acked.filter(({ text }) => !seen.has(text))).toEqual([]);
    await reader.stop();
  }, 240_000);

  it('by being away when a process starts: it is told so, and finds the log later', async () => {
    await log.append(topic, 0, texts('x', 1));
    await kafka().stop();
    const late = new KafkaLog({
      brokers: kafka().brokers,
      clientId: 'late',
      appendDeadlineMs: 500,
      readDeadlineMs: 500,
    });
    await expect(late.append(topic, 0, texts('y', 1))).rejects.toThrow(LogUnavailable);
    await expect(
      late.consume({
        group: freshTopic('group'),
        topics: [topic],
        onAssigned: () => undefined,
        onBatch: async () => ({ kind: 'applied' }),
        onCrash: () => undefined,
      }),
    ).rejects.toThrow(LogUnavailable);
    await kafka().start();
    expect(await late.append(topic, 0, texts('y', 1))).toEqual({ firstOffset: 1, nextOffset: 2 });
    await late.close();
  }, 240_000);
});
