// One record of `usage.metered`: a raw offset range of one partition and every event of it that counted.
// A reader that has read [0, from) may fold it; a range that starts above what it expects is a hole (design section 3).
import type { Quantities, ServiceTier } from './quantities.js';

/** A signed change of usage at one hour and under one set of names. A corrected event is two: the old taken off, the new put on. */
export interface UsageDelta {
  /** The event time that decides the hour, epoch ms; for a correction, the original's. */
  readonly at: number;
  readonly model: string;
  readonly project: string | null;
  readonly apiKey: string | null;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly user: string | null;
  /** +1 for usage, −1 for usage taken off. */
  readonly requests: 1 | -1;
  readonly quantities: Quantities;
}

export interface MeteredEvent {
  /** Raw offset in `usage.recorded`, same partition. */
  readonly offset: number;
  /** Identity key, 32 hex digits. */
  readonly key: string;
  readonly kind: 'recorded' | 'voided' | 'corrected';
  readonly source: string;
  readonly id: string;
  readonly organization: string;
  readonly reservation: string | null;
  readonly deltas: readonly UsageDelta[];
}

export interface MeteredBatch {
  readonly version: 1;
  readonly partition: number;
  /** Raw offsets covered: from ≤ o < to. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly MeteredEvent[];
}

export function encodeMetered(batch: MeteredBatch): Buffer {
  return Buffer.from(JSON.stringify(batch));
}

/** Throws a TypeError that names the fault when the value is not a metered batch: the reader halts on it. */
export function decodeMetered(value: Buffer): MeteredBatch {
  const batch = JSON.parse(value.toString('utf8')) as Partial<MeteredBatch>;
  if (batch.version !== 1) throw new TypeError(`metered batch version ${String(batch.version)}`);
  if (
    !Number.isSafeInteger(batch.from) ||
    !Number.isSafeInteger(batch.to) ||
    !Array.isArray(batch.events)
  )
    throw new TypeError('metered batch without its range or events');
  return batch as MeteredBatch;
}

/**
 * The end of the range that a record covers, without reading its events: they are 99 % of the bytes, and whoever looks for the
 * end of what was published reads many. The writer puts them last; a record of another order is read whole.
 */
export function meteredEnd(value: Buffer): number {
  const head = value.toString('latin1', 0, 200);
  const to = /^\{"version":1,"partition":\d+,"from":\d+,"to":(\d+),"events":/.exec(head)?.[1];
  return to === undefined ? decodeMetered(value).to : Number(to);
}
