import type { NewRecord } from './event-log.js';

/**
 * What one append may carry at once. Topics take messages of 1 MiB (infra/kafka/topics.json); 900 KiB leaves room for the
 * batch's own header and for a codec that makes random bytes longer.
 */
export const MAX_BATCH_BYTES = 900 * 1024;

// Record batch v2: at most 5 bytes each for length, time and offset deltas, key and value lengths, 1 for attributes, 1 for no headers.
const RECORD_OVERHEAD = 27;

/** An upper bound of the bytes that a record takes in a batch before compression. */
export function sizeOf(record: NewRecord): number {
  const key = record.key === null ? 0 : Buffer.byteLength(record.key);
  return key + record.value.length + RECORD_OVERHEAD;
}
