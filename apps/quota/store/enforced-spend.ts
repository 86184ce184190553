// The spend that the limiter compares with the limit, for reconciliation: the number that it keeps, where it keeps one that is good
// now, and not what it would come to if it rated the month again.
import { rows } from '#libs/database/database.js';
import { type RatingStores, ratedSpend } from '#libs/usage/usage-hour-totals.js';
import type { UsageHourTotalsParts } from '#libs/usage/usage-hour-totals.js';
import { spendOf, WHOLE } from '../domain/standing.js';
import type { BucketStore } from './bucket.store.js';
import { PageLoader } from './page-loader.js';
import { standingNow } from './standing-now.js';
import { TermsCache } from './terms-cache.js';

const KEPT = `SELECT spent, generation || '/' AS life, mark FROM admission, fold_generation
  WHERE organization = $1 AND project = '' AND month = $2`;

/** Without a good one (no check this month, or terms that changed since) the month is rated, as the next check would. */
export function enforcedSpend(
  stores: RatingStores & { readonly buckets: BucketStore },
): UsageHourTotalsParts['spentIn'] {
  const rated = ratedSpend(stores);
  const terms = new TermsCache(stores.accounts, stores.catalogs, 1_000);
  const loader = new PageLoader({ ...stores, terms });
  return async (tx, organization, period) => {
    const known = await terms.current(tx, [organization]);
    const [kept] = await rows<{ spent: string; life: string; mark: string }>(tx, KEPT, [
      organization,
      period.from,
    ]);
    const mark = known.get(organization)?.mark;
    // In the month that is asked about: its last instant will do as any.
    const page = await standingNow(tx, loader, organization, period.to - 1);
    if (page && kept) return spendOf(page.standing, WHOLE).spentFemto;
    if (kept && mark !== undefined && kept.mark === `${kept.life}${mark}`)
      return BigInt(kept.spent);
    return rated(tx, organization, period);
  };
}
