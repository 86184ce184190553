// A metered batch as records that fit into one produce request. The invariant: together they cover exactly the same range.
import type { MeteredBatch } from '#libs/events/metered-batch.js';

/** Below the log's 900 KiB, with room for the envelope. */
const MOST_BYTES = 800 * 1024;

/** One record, or several where the events are too many for one; each event is written as JSON once. */
export function encodeRanges(batch: MeteredBatch, mostBytes = MOST_BYTES): Buffer[] {
  const records: Buffer[] = [];
  let from = batch.from;
  let parts: string[] = [];
  let bytes = 0;
  for (const event of batch.events) {
    const part = JSON.stringify(event);
    const size = Buffer.byteLength(part) + 1;
    if (parts.length > 0 && bytes + size > mostBytes) {
      records.push(encoded(batch.partition, { from, to: event.offset }, parts));
      from = event.offset;
      parts = [];
      bytes = 0;
    }
    parts.push(part);
    bytes += size;
  }
  return [...records, encoded(batch.partition, { from, to: batch.to }, parts)];
}

// Byte for byte what `encodeMetered` gives.
function encoded(
  partition: number,
  { from, to }: { readonly from: number; readonly to: number },
  events: readonly string[],
): Buffer {
  return Buffer.from(
    `{"version":1,"partition":${partition},"from":${from},"to":${to},"events":[${events.join(',')}]}`,
  );
}
