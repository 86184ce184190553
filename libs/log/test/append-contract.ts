import fc from 'fast-check';
import { type EventLog, RecordTooLarge } from '../event-log.js';
import { MAX_BATCH_BYTES } from '../record-size.js';
import { texts, topicOf } from './contract-topics.js';

/** What every adapter promises about appends; `log` is open when the specs run. */
export function describeAppends(log: () => EventLog): void {
  describe('append', () => {
    it('numbers records from 0, without a gap, and says where they are', async () => {
      const name = await topicOf(log());
      expect(await log().append(name, 0, texts('a', 3))).toEqual({ firstOffset: 0, nextOffset: 3 });
      expect(await log().append(name, 0, texts('b', 2))).toEqual({ firstOffset: 3, nextOffset: 5 });
      const records = await log().read(name, 0, 0);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
      expect(records.map(({ value }) => value.toString())).toEqual(['a0', 'a1', 'a2', 'b0', 'b1']);
    });

    it('keeps partitions apart', async () => {
      const name = await topicOf(log(), 2);
      await log().append(name, 1, texts('only', 1));
      expect(await log().read(name, 0, 0)).toEqual([]);
      expect(await log().read(name, 1, 0)).toHaveLength(1);
    });

    it('tells each of many callers at once the offsets of its own records', async () => {
      const name = await topicOf(log(), 2);
      const calls = Array.from({ length: 60 }, (_, call) => ({
        partition: call % 2,
        records: texts(`${call}-`, 1 + (call % 7)),
      }));
      const places = await Promise.all(
        calls.map(async ({ partition, records }) => log().append(name, partition, records)),
      );
      const stored = [await log().read(name, 0, 0), await log().read(name, 1, 0)];
      for (const [call, { firstOffset, nextOffset }] of places.entries()) {
        const { partition, records } = calls[call] as (typeof calls)[number];
        const own = stored[partition]?.slice(firstOffset, nextOffset) ?? [];
        expect(own.map(({ value }) => value.toString())).toEqual(
          records.map(({ value }) => value.toString()),
        );
      }
      const total = calls.reduce((sum, { records }) => sum + records.length, 0);
      expect((stored[0]?.length ?? 0) + (stored[1]?.length ?? 0)).toBe(total);
    });

    it('keeps the order of one caller that does not wait', async () => {
      const name = await topicOf(log());
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) =>
          log().append(name, 0, texts(`${index}.`, 1)),
        ),
      );
      const records = await log().read(name, 0, 0);
      expect(records.map(({ value }) => Number.parseInt(value.toString(), 10))).toEqual(
        Array.from({ length: 40 }, (_, index) => index),
      );
    });

    it('stores any bytes and any key, and no key', async () => {
      const name = await topicOf(log());
      const anyRecord = fc.record({
        key: fc.option(fc.string({ unit: 'binary' })),
        value: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), async (records) => {
          const { firstOffset } = await log().append(name, 0, records);
          const stored = await log().read(name, 0, firstOffset);
          expect(stored.map(({ key, value }) => ({ key, value }))).toEqual(records);
        }),
        { numRuns: 15 },
      );
    });

    it('dates records by the log, not by the sender', async () => {
      const name = await topicOf(log());
      const before = Date.now();
      await log().append(name, 0, texts('x', 1));
      const [record] = await log().read(name, 0, 0);
      expect(record?.appendedAt).toBeGreaterThanOrEqual(before - 1_000);
      expect(record?.appendedAt).toBeLessThanOrEqual(Date.now() + 1_000);
    });

    it('refuses a record that is too large and writes nothing of the call', async () => {
      const name = await topicOf(log());
      const large = { key: null, value: Buffer.alloc(MAX_BATCH_BYTES) };
      await expect(log().append(name, 0, [...texts('x', 1), large])).rejects.toThrow(
        RecordTooLarge,
      );
      expect(await log().read(name, 0, 0)).toEqual([]);
    });

    it('takes a record as large as it may be, though its bytes do not compress', async () => {
      const name = await topicOf(log());
      const value = Buffer.alloc(MAX_BATCH_BYTES - 100);
      for (let at = 0; at < value.length; at += 4) value.writeInt32LE((at * 2_654_435_761) | 0, at);
      await log().append(name, 0, [{ key: 'large', value }]);
      const [record] = await log().read(name, 0, 0);
      expect(record?.value.equals(value)).toBe(true);
    });

    it('splits what is above one batch and keeps its order', async () => {
      const name = await topicOf(log());
      const records = Array.from({ length: 50 }, (_, index) => ({
        key: null,
        value: Buffer.concat([Buffer.from(`${index}|`), Buffer.alloc(50_000, index)]),
      }));
      expect(await log().append(name, 0, records)).toEqual({ firstOffset: 0, nextOffset: 50 });
      const order: number[] = [];
      for (let from = 0; from < 50;) {
        const page = await log().read(name, 0, from);
        order.push(...page.map(({ value }) => Number.parseInt(value.toString('latin1'), 10)));
        from += page.length;
      }
      expect(order).toEqual(records.map((_, index) => index));
    });

    it('of nothing is a programmer’s mistake', async () => {
      const name = await topicOf(log());
      await expect(log().append(name, 0, [])).rejects.toThrow(RangeError);
    });
  });
}
