// What can be asked of usage hours: a range, buckets in it, groups and filters. Pure; the SQL is in store/usage-query.store.ts.
import type { Quantity } from '#libs/events/quantities.js';
import { DAY_MS, HOUR_MS } from '#libs/time/instant.js';
import { monthOf } from '#libs/time/month.js';

/** What usage can be grouped and filtered by; rows are ordered by the asked-for ones in this order. */
export const GROUPS = ['model', 'project', 'service_tier', 'adapter', 'api_key'] as const;
export type Group = (typeof GROUPS)[number];

/** What usage hours are kept by: the groups, and the end user, whom only OpenAI's route asks about. */
export type Dimension = Group | 'end_user';

export const WINDOWS = ['hour', 'day', 'month'] as const;
export type Window = (typeof WINDOWS)[number];

/** Epoch ms, half-open, whole UTC hours; without a window the whole range is one bucket. */
export interface BucketedRange {
  readonly from: number;
  readonly to: number;
  readonly window?: Window;
}

/** Start of the bucket (epoch ms), then the values of the groups: what rows are ordered by. */
export type UsagePosition = readonly [number, ...string[]];

export interface UsageQuestion extends BucketedRange {
  readonly organization: string;
  readonly groupBy: readonly Dimension[];
  /** Any of these values; '' is usage without that name. An empty list matches nothing. */
  readonly only: Partial<Record<Dimension, readonly string[]>>;
  /** Rows after this one, by its `position`. */
  readonly after?: UsagePosition;
  /** null: all there are. */
  readonly limit: number | null;
}

/** One row of an answer; '' for a name that is unset. */
export interface UsageSums {
  /** Start of the whole UTC hour, day or month, which may lie before the range; the range's start without a window. */
  readonly bucket: number;
  readonly groups: Partial<Record<Dimension, string>>;
  readonly requests: bigint;
  readonly quantities: Record<Quantity, bigint>;
  readonly position: UsagePosition;
}

/** A bucket cut to the range: a month that the range begins in the middle of begins with the range. */
export function bucketWithin(bucket: number, range: BucketedRange): { from: number; to: number } {
  return {
    from: Math.max(bucket, range.from),
    to: Math.min(bucketEnd(bucket, range), range.to),
  };
}

/** Whether a cursor's value is a position of an answer with so many groups. */
export function isUsagePosition(value: unknown, groups: number): value is UsagePosition {
  return (
    Array.isArray(value) &&
    value.length === groups + 1 &&
    value.every((part, index) => (index === 0 ? isInstant(part) : isName(part)))
  );
}

// Anyone can make a cursor: what the database cannot take is refused here.
function isInstant(value: unknown): boolean {
  return Number.isSafeInteger(value) && Math.abs(value as number) < 250_000_000_000_000;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0');
}

function bucketEnd(bucket: number, { window, to }: BucketedRange): number {
  if (window === undefined) return to;
  if (window === 'month') return monthOf(bucket).to;
  return bucket + (window === 'day' ? DAY_MS : HOUR_MS);
}
