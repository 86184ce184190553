import { freshTopic } from '../../testing/kafka.js';
import type { EventLog } from '../event-log.js';
import { texts } from './append-contract.js';
import { Reader, until, wait } from './reader.js';

/** What every adapter promises about delivery; `another` opens the same log a second time, as another process would. */
export function describeConsumers(log: () => EventLog, another: () => Promise<EventLog>): void {
  let readers: Reader[] = [];
  const readerOf = (...args: ConstructorParameters<typeof Reader>): Reader => {
    const reader = new Reader(...args);
    readers.push(reader);
    return reader;
  };
  const topicOf = async (partitions = 1): Promise<string> => {
    const name = freshTopic('contract');
    await log().ensureTopics([{ name, partitions }]);
    return name;
  };
  afterEach(async () => {
    await Promise.all(readers.map(async (reader) => reader.stop()));
    readers = [];
  });

  describe('consumer', () => {
    it('is given everything from the oldest record on, in order, and what comes later', async () => {
      const name = await topicOf(2);
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
      const name = await topicOf();
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
      const name = await topicOf();
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
      const name = await topicOf();
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
      const name = await topicOf();
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
      const name = await topicOf();
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

    it('is given a batch again after a retry, not before its time', async () => {
      const name = await topicOf();
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
      const name = await topicOf(2);
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
      const name = await topicOf(3);
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
      const name = await topicOf();
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
      const name = await topicOf();
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

  describe('group', () => {
    it('shares partitions between two members and gives all to the one that stays', async () => {
      const name = await topicOf(4);
      const group = freshTopic('group');
      const other = await another();
      try {
        const first = await readerOf().start(log(), group, [name]);
        await until(
          () => first.assigned.length === 4,
          () => first.assigned,
        );
        const second = await readerOf().start(other, group, [name]);
        await until(
          () => first.assigned.length === 2 && second.assigned.length === 2,
          () => [first.assigned, second.assigned],
        );
        expect([...first.assigned, ...second.assigned].toSorted((a, b) => a - b)).toEqual([
          0, 1, 2, 3,
        ]);
        for (const p of [0, 1, 2, 3]) await log().append(name, p, texts(`p${p}-`, 2));
        await until(
          () => first.texts.length + second.texts.length >= 8,
          () => [first.texts, second.texts],
        );
        for (const p of first.assigned) expect(second.offsetsOf(p)).toEqual([]);
        await second.stop();
        await until(
          () => first.assigned.length === 4,
          () => first.assigned,
        );
        await until(
          () => [0, 1, 2, 3].every((p) => first.offsetsOf(p).includes(1)),
          () => first.texts,
        );
      } finally {
        await other.close();
      }
    });

    it('is apart from other groups', async () => {
      const name = await topicOf();
      await log().append(name, 0, texts('a', 3));
      const one = await readerOf().start(log(), freshTopic('group'), [name]);
      const two = await readerOf().start(log(), freshTopic('group'), [name]);
      await until(
        () => one.texts.length === 3 && two.texts.length === 3,
        () => [one.texts, two.texts],
      );
    });
  });
}
