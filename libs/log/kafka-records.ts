import type { StoredRecord } from './event-log.js';

/** The records up to the first hole: what a consumer is given is always contiguous, and a hole shows as the next batch's first offset. */
export function contiguous(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const first = records[0]?.offset ?? 0;
  const hole = records.findIndex((record, index) => record.offset !== first + index);
  return hole === -1 ? records : records.slice(0, hole);
}
