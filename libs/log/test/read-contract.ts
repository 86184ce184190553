import { freshTopic } from '../../testing/kafka.js';
import {
  type EventLog,
  OffsetOutOfRange,
  PartitionCountDiffers,
  UnknownPartition,
} from '../event-log.js';
import { texts, topicOf } from './contract-topics.js';

/** What every adapter promises about topics, reads and watermarks; `log` is open when the specs run. */
export function describeReads(log: () => EventLog): void {
  describe('topic', () => {
    it('is there after it was asked for, and may be asked for again', async () => {
      const name = await topicOf(log(), 3);
      await log().ensureTopics([{ name, partitions: 3 }]);
      expect(await log().partitionCount(name)).toBe(3);
    });

    it('is made once by two callers at the same time', async () => {
      const topics = [{ name: freshTopic('contract'), partitions: 2 }];
      await Promise.all([log().ensureTopics(topics), log().ensureTopics(topics)]);
      expect(await log().partitionCount(topics[0]?.name ?? '')).toBe(2);
    });

    it('with another number of partitions is refused', async () => {
      const name = await topicOf(log(), 2);
      await expect(log().ensureTopics([{ name, partitions: 3 }])).rejects.toThrow(
        PartitionCountDiffers,
      );
    });

    it('that does not exist can neither be counted, written nor read', async () => {
      const name = freshTopic('absent');
      await expect(log().partitionCount(name)).rejects.toThrow(UnknownPartition);
      await expect(log().append(name, 0, texts('x', 1))).rejects.toThrow(UnknownPartition);
      await expect(log().read(name, 0, 0)).rejects.toThrow(UnknownPartition);
      await expect(log().watermarks(name)).rejects.toThrow(UnknownPartition);
    });

    it('has no partitions but its own', async () => {
      const name = await topicOf(log(), 2);
      for (const partition of [-1, 2]) {
        await expect(log().append(name, partition, texts('x', 1))).rejects.toThrow(
          UnknownPartition,
        );
        await expect(log().read(name, partition, 0)).rejects.toThrow(UnknownPartition);
      }
    });
  });

  describe('read', () => {
    it('starts anywhere and goes no further than asked', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('r', 10));
      const page = await log().read(name, 0, 4, { maxRecords: 3 });
      expect(page.map(({ offset }) => offset)).toEqual([4, 5, 6]);
    });

    it('gives at least one record, however few bytes are allowed', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('r', 3));
      const page = await log().read(name, 0, 1, { maxBytes: 1 });
      expect(page[0]?.offset).toBe(1);
    });

    it('gives nothing at the end', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('r', 2));
      expect(await log().read(name, 0, 2)).toEqual([]);
    });

    it('refuses an offset beyond the end, and names what is there', async () => {
      const name = await topicOf(log());
      await log().append(name, 0, texts('r', 2));
      const failure = await log()
        .read(name, 0, 3)
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(OffsetOutOfRange);
      expect(failure).toMatchObject({
        at: { topic: name, partition: 0 },
        offset: 3,
        low: 0,
        high: 2,
      });
    });
  });

  describe('watermarks', () => {
    it('are the oldest and the next offset of every partition, in order', async () => {
      const name = await topicOf(log(), 3);
      await log().append(name, 2, texts('w', 4));
      expect(await log().watermarks(name)).toEqual([
        { partition: 0, low: 0, high: 0 },
        { partition: 1, low: 0, high: 0 },
        { partition: 2, low: 0, high: 4 },
      ]);
    });
  });
}
