import { freshTopic } from '../../testing/kafka.js';
import type { EventLog } from '../event-log.js';
import { texts, topicOf } from './contract-topics.js';
import { Reader, until, wait } from './reader.js';

/** What every adapter promises about retries, pauses, mistakes and stopping. */
export function describeDeliveries(log: () => EventLog): void {
  let readers: Reader[] = [];
  const readerOf = (...args: ConstructorParameters<typeof Reader>): Reader => {
    const reader = new Reader(...args);
    readers.push(reader);
    return reader;
  };
  afterEach(async () => {
    await Promise.all(readers.map(async (reader) => reader.stop()));
    readers = [];
  });

  describe('delivery', () => {
    it('is given a batch again after a retry, not before its time', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('a', 3));
      const times: number[] = [];
      const reader = await readerOf(() => {
        times.push(performance.now());
        return times.length === 1 ? { kind: 'retry', afterMs: 300 } : { kind: 'applied' };
      }).start(log(), freshTopic('group'), [name]);
      await until(
        () => times.length === 2,
        () => times,
      );
      expect(reader.batches[1]?.records[0]?.offset).toBe(0);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(290);
    });

    it('of a paused partition is given nothing of it until it resumes, and the rest meanwhile', async () => {
      const name = await topicOf(log(), 2);
      await log().append(name, 0, texts('a', 2));
      const reader = await readerOf(({ partition }, self) =>
        partition === 0 && self.offsetsOf(0).length === 2 ? { kind: 'pause' } : { kind: 'applied' },
      ).start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.offsetsOf(0).length === 2,
        () => reader.offsetsOf(0),
      );
      await log().append(name, 0, texts('b', 1));
      await log().append(name, 1, texts('c', 3));
      await until(
        () => reader.offsetsOf(1).length === 3,
        () => reader.offsetsOf(1),
      );
      await wait(700);
      expect(reader.offsetsOf(0)).toEqual([0, 1]);
      reader.consumer?.resume({ topic: name, partition: 0 });
      await until(
        () => reader.offsetsOf(0).length === 5,
        () => reader.offsetsOf(0),
      );
      // A pause is not an acknowledgement: the same records come again.
      expect(reader.offsetsOf(0)).toEqual([0, 1, 0, 1, 2]);
    });

    it('is never called twice at once for one partition', async () => {
      const name = await topicOf(log(), 3);
      const running = new Set<number>();
      let together = 0;
      let most = 0;
      const reader = await readerOf(async ({ partition }) => {
        if (running.has(partition)) together += 1;
        running.add(partition);
        most = Math.max(most, running.size);
        await wait(3);
        running.delete(partition);
        return { kind: 'applied' };
      }).start(log(), freshTopic('group'), [name]);
      for (let round = 0; round < 20; round += 1)
        await Promise.all([0, 1, 2].map(async (p) => log().append(name, p, texts('x', 2))));
      await until(
        () => reader.texts.length === 120,
        () => reader.texts.length,
      );
      expect(together).toBe(0);
      expect(most).toBeGreaterThan(1);
      for (const p of [0, 1, 2])
        expect(reader.offsetsOf(p)).toEqual(Array.from({ length: 40 }, (_, offset) => offset));
    });

    it('that throws has crashed, is told so once, and is given nothing more', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('a', 1));
      const reader = await readerOf(() => {
        throw new TypeError('a mistake in the reader');
      }).start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.crashes.length > 0,
        () => reader.crashes,
      );
      await log().append(name, 0, texts('b', 1));
      await wait(300);
      expect(reader.crashes.map(({ message }) => message)).toEqual(['a mistake in the reader']);
      expect(reader.batches).toHaveLength(1);
    });

    it('waits for its running batch when it stops, and is given nothing after', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('a', 1));
      let ended = false;
      const reader = await readerOf(async () => {
        await wait(400);
        ended = true;
        return { kind: 'applied' };
      }).start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.batches.length === 1,
        () => reader.batches.length,
      );
      await reader.stop();
      expect(ended).toBe(true);
      await log().append(name, 0, texts('b', 1));
      await wait(300);
      expect(reader.batches).toHaveLength(1);
    });
  });
}
