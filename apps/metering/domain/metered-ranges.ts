// A metered batch as records that fit into one produce request. The invariant: together they cover exactly the same range.
import { encodeMetered, type MeteredBatch } from '#libs/events/metered-batch.js';

/** Below the log's 900 KiB, with room for the envelope. */
const MOST_BYTES = 800 * 1024;

/** One record, or halves of halves where the events are too many for one: 2,000 with ordinary names are 450 kB. */
export function encodeRanges(batch: MeteredBatch, mostBytes = MOST_BYTES): Buffer[] {
  const record = encodeMetered(batch);
  const { events } = batch;
  if (record.length <= mostBytes || events.length < 2) return [record];
  const middle = events.length >> 1;
  const at = events[middle]?.offset ?? batch.to;
  return [
    ...encodeRanges({ ...batch, to: at, events: events.slice(0, middle) }, mostBytes),
    ...encodeRanges({ ...batch, from: at, events: events.slice(middle) }, mostBytes),
  ];
}
