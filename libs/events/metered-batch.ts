// One record of `usage.metered`: a raw offset range of one partition and every event of it that counted.
// A reader that has read [0, from) may fold it; a range that starts above what it expects is a hole (design section 3).
import type { MeteredEvent } from './metered-event.js';
import { fromRows, type MeteredRows, toRows } from './metered-rows.js';

export type { MeteredEvent, UsageDelta } from './metered-event.js';

export interface MeteredBatch {
  readonly version: 1;
  readonly partition: number;
  /** Raw offsets covered: from ≤ o < to. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly MeteredEvent[];
}

/** The format that is written; 1 had whole events, and is still read. */
const FORMAT = 2;

/** One record of `usage.metered`. */
export function encodeMetered({ partition, from, to, events }: MeteredBatch): Buffer {
  // The range comes first: `meteredEnd` reads it without the rest.
  return Buffer.from(JSON.stringify({ version: FORMAT, partition, from, to, ...toRows(events) }));
}

/** Throws a TypeError that names the fault when the value is not a metered batch: the reader halts on it. */
export function decodeMetered(value: Buffer): MeteredBatch {
  const raw = JSON.parse(value.toString('utf8')) as RawBatch;
  const { partition, from, to } = raw;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || partition === undefined)
    throw new TypeError('metered batch without its range or partition');
  return { version: 1, partition, from: from as number, to: to as number, events: eventsOf(raw) };
}

interface RawBatch extends Partial<Pick<MeteredBatch, 'partition' | 'from' | 'to' | 'events'>> {
  readonly version?: number;
  readonly rows?: unknown;
}

function eventsOf(raw: RawBatch): readonly MeteredEvent[] {
  if (raw.version !== 1 && raw.version !== FORMAT)
    throw new TypeError(`metered batch version ${String(raw.version)}`);
  if (raw.version === 1 && Array.isArray(raw.events)) return raw.events;
  const { sources, names, rows, others } = raw as Partial<MeteredRows>;
  if (raw.version === 1 || !sources || !names || !Array.isArray(rows) || !Array.isArray(others))
    throw new TypeError('metered batch without its events');
  return fromRows({ sources, names, rows, others });
}

/**
 * The end of the range that a record covers, without reading its events: they are 99 % of the bytes, and whoever looks for the
 * end of what was published reads many. The writer puts them last; a record of another order is read whole.
 */
export function meteredEnd(value: Buffer): number {
  const head = value.toString('latin1', 0, 200);
  const to = /^\{"version":[12],"partition":\d+,"from":\d+,"to":(\d+),"/.exec(head)?.[1];
  return to === undefined ? decodeMetered(value).to : Number(to);
}
