import { createRequire } from 'node:module';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import type { NewRecord } from './event-log.js';
import { ZSTD, compressRecords, patchKafkajs } from './kafka-patches.js';
import { type BatchCodec, encodeRecordBatch } from './record-batch.js';

interface Decoded {
  readonly records: { offset: string; key: Buffer | null; value: Buffer; timestamp: string }[];
}

const load = createRequire(import.meta.url);
const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => unknown;
const decode = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: unknown,
) => Promise<Decoded>;

const NONE: BatchCodec = { id: 0, compress: (bytes) => bytes };
const PACKED: BatchCodec = { id: ZSTD, compress: compressRecords };

const anyRecord = fc.record({
  key: fc.option(fc.string({ unit: 'binary' })),
  value: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

async function roundTrip(records: readonly NewRecord[], codec: BatchCodec): Promise<NewRecord[]> {
  const batch = encodeRecordBatch(records, codec, 1_764_000_000_000);
  const { records: decoded } = await decode(new Decoder(batch));
  return decoded.map(({ key, value }) => ({ key: key === null ? null : key.toString(), value }));
}

describe('record batch', () => {
  beforeAll(patchKafkajs);

  it.each([
    ['without a codec', NONE],
    ['with zstd', PACKED],
  ])('is read by kafkajs as what was written, %s', async (_, codec) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 80 }), async (records) => {
        expect(await roundTrip(records, codec)).toEqual(records);
      }),
      { numRuns: 50 },
    );
  });

  it('numbers its records from 0, at one time', async () => {
    const records = [1, 2, 3].map((n) => ({ key: null, value: Buffer.from([n]) }));
    const { records: decoded } = await decode(
      new Decoder(encodeRecordBatch(records, NONE, 1_764_000_000_123)),
    );
    expect(decoded.map(({ offset, timestamp }) => [offset, timestamp])).toEqual([
      ['0', '1764000000123'],
      ['1', '1764000000123'],
      ['2', '1764000000123'],
    ]);
  });

  it('carries lengths over one, two and three bytes', async () => {
    for (const length of [63, 64, 8_191, 8_192, 100_000]) {
      const records = [{ key: 'k'.repeat(length), value: Buffer.alloc(length, 7) }];
      expect(await roundTrip(records, NONE)).toEqual(records);
    }
  });

  it('carries the checksum of everything after it', async () => {
    const batch = encodeRecordBatch([{ key: 'a', value: Buffer.from('b') }], PACKED, 0);
    expect(batch.readUInt32BE(17)).toBe(crc32c(batch.subarray(21)));
    expect(batch.readInt32BE(8)).toBe(batch.length - 12);
  });
});
