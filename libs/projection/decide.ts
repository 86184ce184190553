// The decisions of the protocol as pure functions, so that a seeded simulation can break each one and see what it protects
// (`protocol.sim.spec.ts`). The invariant: when in doubt halt or claim again, never skip, never reset.
import type { StoredRecord } from '../log/event-log.js';
import type { Slice } from './projection.js';

/** The log starts above 0 and nobody has read what is gone. */
export const LOG_STARTS_LATE = 'log_starts_late';
/** Records that were not read are gone, or offsets are missing in the middle. */
export const LOG_GAP = 'log_gap';
/** The log ends before the position, or another record stands where the last one read stood. */
export const LOG_TRUNCATED = 'log_truncated';
/** Bytes of the log that are not what was written, however often they are fetched: a CRC that is wrong on the broker's disk. */
export const LOG_UNREADABLE = 'log_unreadable';
/** The fold threw what is neither a Postgres error of a passing kind nor a halt of its own. */
export const FOLD_FAILED = 'fold_failed';

export interface Halt {
  readonly kind: 'halt';
  readonly reason: string;
  readonly detail: string;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What a claim does with the position and the log's bounds: own it, first compare the record at `offset`, or halt. */
export function judgeBounds(
  nextOffset: number,
  bounds: Bounds,
): { readonly kind: 'owned' } | { readonly kind: 'probe'; readonly offset: number } | Halt {
  if (bounds.high < nextOffset)
    return halt(LOG_TRUNCATED, `the log ends at ${bounds.high}, before the position ${nextOffset}`);
  if (bounds.low > nextOffset)
    return halt(LOG_GAP, `the log starts at ${bounds.low}, after the position ${nextOffset}`);
  // Retention may just have taken the last record: allowed, and left to the control totals.
  if (nextOffset === 0 || bounds.low === nextOffset) return { kind: 'owned' };
  return { kind: 'probe', offset: nextOffset - 1 };
}

/** A partition without a row starts at 0 if the log does; otherwise what it lacks is for an operator to accept. */
export function judgeFirstClaim(bounds: Bounds): { readonly kind: 'owned' } | Halt {
  return bounds.low === 0
    ? { kind: 'owned' }
    : halt(LOG_STARTS_LATE, `the log starts at ${bounds.low} and nothing was read before`);
}

/** Is the record before the position still the one that was read? A null digest follows an accepted gap: nothing to compare. */
export function judgeProbe(
  stored: bigint | null,
  found: bigint | undefined,
  offset: number,
): { readonly kind: 'owned' } | Halt {
  if (stored === null || stored === found) return { kind: 'owned' };
  return halt(LOG_TRUNCATED, `the record at ${offset} is not the one that was read`);
}

/** Where a batch lies against the expected offset. */
export function placeBatch(
  batch: { readonly first: number; readonly next: number },
  expected: number,
): 'apply' | 'behind' | 'ahead' {
  if (batch.next <= expected) return 'behind';
  return batch.first <= expected ? 'apply' : 'ahead';
}

/** The log was asked at `expected`, since a batch came above it: a gap is real, anything else was a race of seeks. */
export function judgeAhead(
  expected: number,
  found: { readonly first: number | undefined } | { readonly bounds: Bounds },
): { readonly kind: 'seek' } | Halt {
  if ('bounds' in found) {
    const judged = judgeBounds(expected, found.bounds);
    return judged.kind === 'halt' ? judged : { kind: 'seek' };
  }
  return found.first === undefined || found.first === expected
    ? { kind: 'seek' }
    : halt(LOG_GAP, `offsets ${expected} to ${found.first - 1} are missing in the log`);
}

/** What the locked row says about going on: another epoch is another owner, another offset is our own ignorance. */
export function judgeLock(
  row: { readonly nextOffset: number; readonly epoch: number } | undefined,
  mine: { readonly first: number; readonly epoch: number },
): 'go' | 'lost' | 'moved' {
  if (row === undefined || row.epoch !== mine.epoch) return 'lost';
  return row.nextOffset === mine.first ? 'go' : 'moved';
}

export interface SliceLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** Offsets that an operator quarantined. */
  readonly skip: ReadonlySet<number>;
}

/** What is cut from a batch: the slice and the record whose digest becomes the next probe. */
export interface Cut extends Pick<Slice, 'records' | 'first' | 'next'> {
  readonly last: StoredRecord;
  readonly skipped: number;
}

/**
 * The next slice of a batch from the expected offset on: contiguous, within the limits, at least one record however large.
 * Undefined when the batch has no record at `expected`: it is used up, or there is a hole.
 */
export function cutSlice(
  records: readonly StoredRecord[],
  expected: number,
  limits: SliceLimits,
): Cut | undefined {
  const begin = indexOfOffset(records, expected);
  if (begin === undefined) return undefined;
  let end = begin;
  let bytes = 0;
  for (; end < records.length && end - begin < limits.maxRecords; end++) {
    const record = records[end] as StoredRecord;
    bytes += record.value.length;
    if (record.offset !== expected + (end - begin)) break;
    if (bytes > limits.maxBytes && end > begin) break;
  }
  const taken = begin === 0 && end === records.length ? records : records.slice(begin, end);
  const kept =
    limits.skip.size === 0 ? taken : taken.filter((record) => !limits.skip.has(record.offset));
  return {
    records: kept,
    first: expected,
    next: expected + taken.length,
    last: taken[taken.length - 1] as StoredRecord,
    skipped: taken.length - kept.length,
  };
}

// Offsets rise by one but for holes, so the record lies at or before the distance from the first.
function indexOfOffset(records: readonly StoredRecord[], offset: number): number | undefined {
  const first = records[0];
  if (first === undefined || offset < first.offset) return undefined;
  for (let index = Math.min(offset - first.offset, records.length - 1); index >= 0; index--) {
    const at = (records[index] as StoredRecord).offset;
    if (at === offset) return index;
    if (at < offset) return undefined;
  }
  return undefined;
}

function halt(reason: string, detail: string): Halt {
  return { kind: 'halt', reason, detail };
}
