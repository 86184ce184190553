import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { NewRecord, StoredRecord } from './event-log.js';
import { crc32c } from './crc32c.js';
import { ZSTD, compressRecords } from './kafka-patches.js';
import { type BatchCodec, encodeRecordBatch } from './record-batch.js';
import { CorruptRecords, decodeRecordSet, type FetchedRecord } from './record-set.js';
import { zstdDecompressSync } from 'node:zlib';

const NONE: BatchCodec = { id: 0, compress: (bytes) => bytes };
const PACKED: BatchCodec = { id: ZSTD, compress: compressRecords };
const AT = 1_764_000_000_000;

const anyRecord = fc.record({
  key: fc.option(fc.string({ unit: 'binary' })),
  value: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

const decode = async (bytes: Buffer): Promise<FetchedRecord[]> =>
  decodeRecordSet(bytes, async (_, packed) => zstdDecompressSync(packed));

/** As the broker leaves it: with its first offset, perhaps with its own time, and other attributes. */
function stored(
  records: readonly NewRecord[],
  codec: BatchCodec,
  { offset = 0, attributes = 0, maxTimestamp = AT, producerId = -1n } = {},
): Buffer {
  const batch = encodeRecordBatch(records, codec, AT);
  batch.writeBigInt64BE(BigInt(offset), 0);
  batch.writeInt16BE(codec.id | attributes, 21);
  batch.writeBigInt64BE(BigInt(maxTimestamp), 35);
  batch.writeBigInt64BE(producerId, 43);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

const expected = (records: readonly NewRecord[], from: number, appendedAt = AT): StoredRecord[] =>
  records.map(({ key, value }, index) => ({ offset: from + index, key, value, appendedAt }));

// A comparison of megabytes byte by byte would take seconds.
const briefly = (records: readonly StoredRecord[]) =>
  records.map(({ key, value, ...rest }) => ({
    ...rest,
    key: key && digest(key),
    value: digest(value),
  }));

const digest = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

const texts = (...values: string[]): NewRecord[] =>
  values.map((value) => ({ key: 'k', value: Buffer.from(value) }));

describe('record set', () => {
  it.each([
    ['without a codec', NONE],
    ['with zstd', PACKED],
  ])('gives what was written, batch after batch, %s', async (_, codec) => {
    const batches = fc.array(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(2 ** 40), async (written, first) => {
        let offset = first;
        const sets: Buffer[] = [];
        const wanted: StoredRecord[] = [];
        for (const records of written) {
          sets.push(stored(records, codec, { offset }));
          wanted.push(...expected(records, offset));
          offset += records.length;
        }
        expect(await decode(Buffer.concat(sets))).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves a batch that is cut off for the next fetch', async () => {
    const whole = stored(texts('a', 'b'), PACKED);
    const next = stored(texts('c'), PACKED, { offset: 2 });
    for (let length = 0; length < next.length; length += 1) {
      const records = await decode(Buffer.concat([whole, next.subarray(0, length)]));
      expect(records.map(({ offset }) => offset)).toEqual([0, 1]);
    }
  });

  it('takes the broker’s time where the topic keeps that', async () => {
    const bytes = stored(texts('a', 'b'), NONE, { attributes: 0x08, maxTimestamp: AT + 5 });
    expect((await decode(bytes)).map(({ appendedAt }) => appendedAt)).toEqual([AT + 5, AT + 5]);
  });

  it('refuses every flip of a bit behind the checksum', async () => {
    const batch = stored(texts('{"tokens":12}'), PACKED);
    for (let at = 17; at < batch.length; at += 1) {
      const broken = Buffer.from(batch);
      broken[at] = (broken[at] as number) ^ (1 << (at % 8));
      await expect(decode(broken)).rejects.toThrow(CorruptRecords);
    }
  });

  it.each<[string, (batch: Buffer) => void, RegExp]>([
    ['an older format', (batch) => batch.writeInt8(1, 16), /format 1/],
    ['a length that is none', (batch) => batch.writeInt32BE(3, 8), /15 bytes/],
  ])('refuses %s', async (_, harm, message) => {
    const batch = stored(texts('a'), NONE);
    harm(batch);
    await expect(decode(batch)).rejects.toThrow(message);
  });

  it('refuses records that run beyond their batch, though the checksum is right', async () => {
    const batch = stored(texts('a', 'b'), NONE);
    batch.writeInt32BE(3, 57);
    batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
    await expect(decode(batch)).rejects.toThrow(/ends beyond its batch/);
  });

  it('keeps the batches before a broken one, and says where that begins', async () => {
    const broken = stored(texts('c'), PACKED, { offset: 2 });
    broken[broken.length - 1] = (broken.at(-1) as number) ^ 1;
    const after = stored(texts('d'), PACKED, { offset: 3 });
    const set = Buffer.concat([stored(texts('a', 'b'), PACKED), broken, after]);
    const fault = await decode(set).catch((error: unknown) => error as CorruptRecords);
    expect(fault).toBeInstanceOf(CorruptRecords);
    expect(fault).toMatchObject({ offset: 2, before: expected(texts('a', 'b'), 0) });
  });

  it('refuses what cannot be unpacked as it does what is broken', async () => {
    const batch = stored(texts('a'), NONE, { attributes: ZSTD });
    await expect(decode(batch)).rejects.toThrow(CorruptRecords);
    await expect(decode(batch)).rejects.toThrow(/cannot be unpacked/);
  });

  it('names the transaction of what a foreign producer wrote', async () => {
    const data = stored(texts('a'), NONE, { attributes: 0x10, producerId: 7n });
    const control = stored(texts(''), NONE, { offset: 1, attributes: 0x30, producerId: 7n });
    const records = await decode(Buffer.concat([data, control]));
    expect(records.map(({ transaction }) => transaction)).toEqual([
      { producerId: '7', isControl: false },
      { producerId: '7', isControl: true },
    ]);
  });

  it('reads numbers of one to five bytes', async () => {
    for (const length of [63, 64, 8_191, 8_192, 100_000, 1_100_000]) {
      const records = [{ key: 'k'.repeat(length), value: Buffer.alloc(length, 7) }];
      expect(briefly(await decode(stored(records, NONE)))).toEqual(briefly(expected(records, 0)));
    }
  });
});
