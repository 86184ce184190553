// What a fetch brings: record batches of format version 2, one after another, the last perhaps cut off. A tenth of the time that
// kafkajs takes, which makes four long integers and a reduced header list of every record; and it checks the CRC, which kafkajs does not.
// The invariant: a record is given whole and as the broker has it, or its whole batch is refused.
import { crc32c } from './crc32c.js';
import type { StoredRecord } from './event-log.js';

/** A record as it was fetched. Its value is a view of the fetched bytes. */
export interface FetchedRecord extends StoredRecord {
  /** Only of batches that are part of a transaction, which only a foreign producer can write. */
  readonly transaction?: { readonly producerId: string; readonly isControl: boolean };
}

/** Unpacks the records of a batch; `codec` is the number in its attributes: 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export type Unpack = (codec: number, packed: Buffer) => Promise<Buffer>;

/** Bytes that are not the record batch that they say they are. Fetching again may mend it: a wire can err, and a disk. */
export class CorruptRecords extends Error {
  override readonly name = 'CorruptRecords';
  readonly retriable = true;
  /** The first offset of the batch, as far as its bytes can be believed; set where the set is read. */
  offset = -1;
  /** The records of the batches before it, which are sound. */
  before: FetchedRecord[] = [];
}

/** The sound records of a set, and what stands behind them when that is not. */
export interface FetchedRecords extends ReadonlyArray<FetchedRecord> {
  readonly corrupt?: CorruptRecords;
}

const LENGTH_AT = 8;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const RECORDS_AT = 61;
const FRAME_BYTES = 12;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** All whole batches of a fetched record set. Throws CorruptRecords when a CRC or a length is wrong, or a batch cannot be unpacked. */
export async function decodeRecordSet(bytes: Buffer, unpack: Unpack): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  let at = 0;
  while (at + RECORDS_AT <= bytes.length) {
    const end = at + FRAME_BYTES + bytes.readInt32BE(at + LENGTH_AT);
    // The broker cuts an answer off at its size: the rest comes with the next one.
    if (end > bytes.length) break;
    const sound = records.length;
    try {
      if (end < at + RECORDS_AT) throw new CorruptRecords(`a record batch of ${end - at} bytes`);
      await decodeBatch(bytes.subarray(at, end), unpack, records);
    } catch (error) {
      const fault = corruption(error);
      fault.offset = Number(bytes.readBigInt64BE(at));
      fault.before = records.slice(0, sound);
      throw fault;
    }
    at = end;
  }
  return records;
}

function corruption(error: unknown): CorruptRecords {
  if (error instanceof CorruptRecords) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new CorruptRecords(`a record batch that cannot be unpacked: ${detail}`, { cause: error });
}

async function decodeBatch(batch: Buffer, unpack: Unpack, into: FetchedRecord[]): Promise<void> {
  const magic = batch.readInt8(MAGIC_AT);
  const baseOffset = Number(batch.readBigInt64BE(0));
  if (magic !== 2) throw new CorruptRecords(`a record batch of format ${magic} at ${baseOffset}`);
  if (crc32c(batch.subarray(ATTRIBUTES_AT)) !== batch.readUInt32BE(CRC_AT))
    throw new CorruptRecords(`the CRC of the record batch at ${baseOffset} is wrong`);
  const attributes = batch.readInt16BE(ATTRIBUTES_AT);
  const codec = attributes & CODEC_MASK;
  const packed = batch.subarray(RECORDS_AT);
  const body = codec === 0 ? packed : await unpack(codec, packed);
  const firstAt = Number(batch.readBigInt64BE(27));
  const transaction = {
    producerId: String(batch.readBigInt64BE(43)),
    isControl: (attributes & CONTROL) !== 0,
  };
  const head: BatchHead = {
    baseOffset,
    firstAt,
    appendedAt: attributes & LOG_APPEND_TIME ? Number(batch.readBigInt64BE(35)) : undefined,
    marks: attributes & (CONTROL | TRANSACTIONAL) ? { transaction } : undefined,
  };
  readRecords(body, batch.readInt32BE(57), head, into);
}

interface BatchHead {
  readonly baseOffset: number;
  readonly firstAt: number;
  /** undefined: each record carries its own time. */
  readonly appendedAt: number | undefined;
  readonly marks: Required<Pick<FetchedRecord, 'transaction'>> | undefined;
}

function readRecords(body: Buffer, count: number, head: BatchHead, into: FetchedRecord[]): void {
  const { baseOffset, firstAt, appendedAt, marks } = head;
  const cursor = new Cursor(body);
  for (let index = 0; index < count; index += 1) {
    const length = cursor.varint();
    const end = cursor.at + length;
    cursor.at += 1; // attributes, unused
    const delta = cursor.varint();
    const offset = baseOffset + cursor.varint();
    const key = cursor.text();
    const value = cursor.bytes();
    if (length < 0 || end > body.length || cursor.at > end)
      throw new CorruptRecords(`the record at ${offset} ends beyond its batch`);
    const record = { offset, key, value, appendedAt: appendedAt ?? firstAt + delta };
    into.push(marks ? { ...record, ...marks } : record);
    // Headers, which nothing here reads, lie between the value and the end.
    cursor.at = end;
  }
}

const EMPTY = Buffer.alloc(0);

/** Reads a batch's body from `at` on; beyond its end every number is 0, and the lengths show it. */
class Cursor {
  at = 0;

  constructor(private readonly body: Buffer) {}

  /** A zigzag number; up to 2^53, since offsets and times of a batch are apart by less. */
  varint(): number {
    const first = this.body[this.at] ?? 0;
    // Below 64 in one byte: most numbers of a record.
    if (first < 0x80) {
      this.at += 1;
      return (first >>> 1) ^ -(first & 1);
    }
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.body[this.at] ?? 0;
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.at;
    this.at += length;
    return this.body.toString('utf8', from, this.at);
  }

  /** A missing value, which only a foreign producer can write, is empty. */
  bytes(): Buffer {
    const length = this.varint();
    if (length < 0) return EMPTY;
    const from = this.at;
    this.at += length;
    return this.body.subarray(from, this.at);
  }
}
