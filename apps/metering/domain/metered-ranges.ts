// A metered batch as records that fit into one produce request.
import { encodeMetered, type MeteredBatch } from '#libs/events/metered-batch.js';

/** Below the log's 900 KiB, with room for the envelope. */
const MOST_BYTES = 800 * 1024;

/** One record, or the halves of the range while it is too large; together they cover exactly the same range. */
export function encodeRanges(batch: MeteredBatch, mostBytes = MOST_BYTES): Buffer[] {
  const value = encodeMetered(batch);
  if (value.length <= mostBytes || batch.events.length < 2) return [value];
  const half = Math.ceil(batch.events.length / 2);
  const middle = batch.events[half]?.offset ?? batch.to;
  const lower = { ...batch, to: middle, events: batch.events.slice(0, half) };
  const upper = { ...batch, from: middle, events: batch.events.slice(half) };
  return [...encodeRanges(lower, mostBytes), ...encodeRanges(upper, mostBytes)];
}
