// The questions that the doors of quota ask, answered out of its own read models.
import type { Terms } from '#libs/rating/price-book.js';
import type { Clock } from '#libs/time/instant.js';
import { monthOf, type Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { type ModelLimits, modelLimits } from '../domain/model-limits.js';
import { type Spend, type SpendInput, spendOf } from '../domain/spend.js';
import type { BucketStore } from './bucket.store.js';
import type { TermsStore } from './terms.store.js';

export interface QuotaStores {
  readonly terms: TermsStore;
  readonly hours: UsageHourStore;
  readonly buckets: BucketStore;
}

export class QuotaReader {
  constructor(
    private readonly stores: QuotaStores,
    private readonly clock: Clock,
  ) {}

  /** The organization's terms and what is left of each limit now; undefined when it is not registered. */
  async limits(
    organization: string,
    only?: string,
  ): Promise<{ terms: Terms; models: ModelLimits[]; now: number } | undefined> {
    const now = this.clock();
    const [terms, buckets, used] = await Promise.all([
      this.stores.terms.find(organization),
      this.stores.buckets.ofOrganization(organization),
      this.stores.hours.modelsOf(organization, monthOf(now)),
    ]);
    const narrowed = only === undefined ? {} : { only };
    return terms && { terms, now, models: modelLimits({ terms, buckets, used, now, ...narrowed }) };
  }

  /** The spend of a month (the current one when undefined) and what it was made from; undefined when it is not registered. */
  async spend(
    organization: string,
    month?: Period,
  ): Promise<{ spend: Spend; input: SpendInput } | undefined> {
    const now = this.clock();
    const period = month ?? monthOf(now);
    const [terms, rows] = await Promise.all([
      this.stores.terms.find(organization),
      this.stores.hours.rowsOf(organization, period),
    ]);
    if (!terms) return undefined;
    const input = { terms, period, rows, heldFemto: 0n, now };
    return { spend: spendOf(input), input };
  }
}
