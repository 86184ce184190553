// The records that `usage.metered` gets for a raw range. The invariant: together they cover exactly [from, to), without overlap,
// whatever was counted of it, so that a reader notices any loss.
import type { MeteredEvent } from '#libs/events/metered-batch.js';

export interface RawRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** 800 KiB: the log takes 900 KiB at once, keys and framing included. */
export const MAX_RECORD_BYTES = 800 * 1024;

/** One record, or several when the events are more than `maxBytes` together; at least one, even when nothing counted. */
export function meteredRecords(
  range: RawRange,
  events: readonly MeteredEvent[],
  maxBytes = MAX_RECORD_BYTES,
): Buffer[] {
  const records: Buffer[] = [];
  let parts: string[] = [];
  let bytes = 0;
  let from = range.from;
  for (const event of events) {
    const part = JSON.stringify(event);
    const size = Buffer.byteLength(part) + 1;
    if (parts.length > 0 && bytes + size > maxBytes) {
      records.push(encoded({ ...range, from, to: event.offset }, parts));
      from = event.offset;
      parts = [];
      bytes = 0;
    }
    parts.push(part);
    bytes += size;
  }
  return [...records, encoded({ ...range, from }, parts)];
}

// Byte for byte what `encodeMetered` gives, without walking the events twice.
function encoded({ partition, from, to }: RawRange, parts: readonly string[]): Buffer {
  return Buffer.from(
    `{"version":1,"partition":${partition},"from":${from},"to":${to},"events":[${parts.join(',')}]}`,
  );
}
