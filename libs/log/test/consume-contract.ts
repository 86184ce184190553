import { freshTopic } from '../../testing/kafka.js';
import type { EventLog } from '../event-log.js';
import { texts, topicOf } from './contract-topics.js';
import { Reader, until, wait } from './reader.js';

/** What every adapter promises about where a consumer starts and where it is sent. */
export function describeConsumers(log: () => EventLog): void {
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

  describe('consumer', () => {
    it('is given everything from the oldest record on, in order, and what comes later', async () => {
      const name = await topicOf(log(), 2);
      await log().append(name, 0, texts('a', 5));
      await log().append(name, 1, texts('b', 5));
      const reader = await readerOf().start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.texts.length === 10,
        () => reader.texts,
      );
      await log().append(name, 1, texts('c', 3));
      await until(
        () => reader.texts.length === 13,
        () => reader.texts,
      );
      expect(reader.offsetsOf(0)).toEqual([0, 1, 2, 3, 4]);
      expect(reader.offsetsOf(1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(reader.assignments).toEqual([
        [
          { topic: name, partition: 0 },
          { topic: name, partition: 1 },
        ],
      ]);
    });

    it('starts at the oldest record whatever was committed', async () => {
      const name = await topicOf(log());
      const group = freshTopic('group');
      await log().append(name, 0, texts('a', 4));
      const first = await readerOf().start(log(), group, [name]);
      await until(
        () => first.texts.length === 4,
        () => first.texts,
      );
      first.consumer?.commitHint({ topic: name, partition: 0 }, 4);
      await wait(200);
      await first.stop();
      const second = await readerOf().start(log(), group, [name]);
      await until(
        () => second.texts.length === 4,
        () => second.texts,
      );
      expect(second.offsetsOf(0)).toEqual([0, 1, 2, 3]);
    });

    it('goes where it is sent at any time', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('a', 9));
      const reader = await readerOf().start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.offsetsOf(0).at(-1) === 8,
        () => reader.offsetsOf(0),
      );
      reader.consumer?.seek({ topic: name, partition: 0 }, 6);
      await until(
        () => reader.offsetsOf(0).length === 12,
        () => reader.offsetsOf(0),
      );
      expect(reader.offsetsOf(0).slice(-3)).toEqual([6, 7, 8]);
    });

    it('goes back, or forward, where a batch’s outcome sends it', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('a', 10));
      const targets = [7, 2];
      const reader = await readerOf(() => {
        const offset = targets.shift();
        return offset === undefined ? { kind: 'applied' } : { kind: 'seek', offset };
      }).start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.batches.length >= 3,
        () => reader.batches.length,
      );
      await until(
        () => reader.offsetsOf(0).at(-1) === 9,
        () => reader.offsetsOf(0),
      );
      expect(reader.batches.slice(0, 3).map(({ records }) => records[0]?.offset)).toEqual([
        0, 7, 2,
      ]);
      expect(reader.offsetsOf(0).slice(-8)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it('keeps a seek made while a batch runs, and that batch is stale', async () => {
      const name = await topicOf(log());
      const stale: boolean[] = [];
      const reader = readerOf((batch, self) => {
        if (self.batches.length > 1) return { kind: 'applied' };
        stale.push(batch.isStale());
        self.consumer?.seek(batch, 4);
        stale.push(batch.isStale());
        return { kind: 'applied' };
      });
      await reader.start(log(), freshTopic('group'), [name]);
      await log().append(name, 0, texts('a', 6));
      await until(
        () => reader.batches.length >= 2,
        () => reader.batches.length,
      );
      expect(stale).toEqual([false, true]);
      expect(reader.batches[1]?.records.map(({ offset }) => offset)).toEqual([4, 5]);
    });

    it('sent outside the log is given the oldest record', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('a', 3));
      let sent = false;
      const reader = await readerOf(() => {
        if (sent) return { kind: 'applied' };
        sent = true;
        return { kind: 'seek', offset: 1_000 };
      }).start(log(), freshTopic('group'), [name]);
      await until(
        () => reader.batches.length >= 2,
        () => reader.batches.length,
      );
      expect(reader.batches[1]?.records[0]?.offset).toBe(0);
    });
  });
}
