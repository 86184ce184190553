import type { StoredRecord } from './event-log.js';
import type { FetchedMessage } from './kafka-internals.js';

type Decoded = Pick<FetchedMessage, 'offset' | 'timestamp' | 'key' | 'value'>;

/** A record as kafkajs decodes it → as the port gives it. A missing value, which only a foreign producer can write, is empty. */
export function toStoredRecord(message: Decoded): StoredRecord {
  return {
    offset: Number(message.offset),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: message.value ?? Buffer.alloc(0),
    appendedAt: Number(message.timestamp),
  };
}

/** The records up to the first hole: what a consumer is given is always contiguous, and a hole shows as the next batch's first offset. */
export function contiguous(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const first = records[0]?.offset ?? 0;
  const hole = records.findIndex((record, index) => record.offset !== first + index);
  return hole === -1 ? records : records.slice(0, hole);
}
