import { freshTopic } from '../../testing/kafka.js';
import type { EventLog } from '../event-log.js';
import { texts, topicOf } from './contract-topics.js';
import { Reader, until } from './reader.js';

/** What every adapter promises about groups; `another` opens the same log a second time, as another process would. */
export function describeGroups(log: () => EventLog, another: () => Promise<EventLog>): void {
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

  describe('group', () => {
    it('shares partitions between two members and gives all to the one that stays', async () => {
      const name = await topicOf(log(), 4);
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
      const name = await topicOf(log());
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
