// A row of usage as the contract shows it.
import { MEASURES, TOKEN_POOLS } from '#libs/events/quantities.js';
import { formatInstant } from '#libs/time/instant.js';
import { type BucketedRange, bucketWithin, type UsageSums } from '../domain/usage-query.js';

/** Group fields asked for and unset are null; those not asked for are absent; buckets are cut to the range. */
export function usageView(sums: UsageSums, range: BucketedRange): Record<string, unknown> {
  const { quantities, requests } = sums;
  const { from, to } = bucketWithin(sums.bucket, range);
  const groups = Object.entries(sums.groups).map(([name, text]) => [name, text || null]);
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    ...Object.fromEntries(groups),
    requests,
    tokens: Object.fromEntries(TOKEN_POOLS.map((pool) => [pool, quantities[pool]])),
    ...Object.fromEntries(MEASURES.map((measure) => [measure, quantities[measure]])),
  };
}
