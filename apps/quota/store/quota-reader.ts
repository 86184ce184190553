// The questions that the doors of quota ask, answered out of its own read models.
import type { Terms } from '#libs/rating/price-book.js';
import type { Clock } from '#libs/time/instant.js';
import { monthOf, type Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { isPrepaid } from '../domain/credit.js';
import { type ModelLimits, modelLimits } from '../domain/model-limits.js';
import { type Spend, type SpendInput, spendOf } from '../domain/spend.js';
import { WHOLE } from '../domain/standing.js';
import type { BucketStore } from './bucket.store.js';
import { type HeldMoney, StandingReader } from './standing-reader.js';
import type { TermsStore } from './terms.store.js';

export interface QuotaStores {
  readonly terms: TermsStore;
  readonly hours: UsageHourStore;
  readonly buckets: BucketStore;
  readonly standings: StandingReader;
}

export interface SpendPart {
  readonly spend: Spend;
  readonly input: SpendInput;
}

/** The organization's spend and each project's; the credits left at the start of the month on a prepaid tier. */
export interface SpendAnswer extends SpendPart {
  readonly projects: readonly (SpendPart & { readonly project: string })[];
  readonly creditFemto: bigint | null;
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
    const [terms, folded, reserved, used] = await Promise.all([
      this.stores.terms.find(organization),
      this.stores.buckets.ofOrganization(organization),
      this.stores.standings.buckets(organization, now),
      this.stores.hours.modelsOf(organization, monthOf(now)),
    ]);
    // Where there are holds, what admission compares with: usage and holds.
    const buckets = new Map([...folded, ...reserved]);
    const narrowed = only === undefined ? {} : { only };
    return terms && { terms, now, models: modelLimits({ terms, buckets, used, now, ...narrowed }) };
  }

  /** The spend of a month (the current one when undefined) and what it was made from; undefined when it is not registered. */
  async spend(organization: string, month?: Period): Promise<SpendAnswer | undefined> {
    const now = this.clock();
    const period = month ?? monthOf(now);
    const terms = await this.stores.terms.find(organization);
    // One snapshot: what an event settled is in the usage or in the holds, never in both.
    const { rows, money } = await this.stores.standings.snapshot(async (tx) => ({
      rows: await this.stores.hours.rowsByProject(organization, period, tx),
      money: await this.stores.standings.money(organization, { month: period.from, now }, tx),
    }));
    if (!terms) return undefined;
    const isCurrent = period.from <= now && now < period.to;
    const heldBy = (scope: string): HeldMoney =>
      (isCurrent ? money.get(scope) : undefined) ?? StandingReader.none();
    const common = { terms, period, now };
    const input: SpendInput = { ...common, rows, ...heldBy(WHOLE) };
    const limited = terms.account.spendLimits.flatMap(({ project }) => project ?? []);
    const named = rows.flatMap(({ project }) => project ?? []);
    const projects = [...new Set([...limited, ...named])].toSorted().map((project) => {
      const own = rows.filter((row) => row.project === project);
      const part: SpendInput = { ...common, rows: own, project, ...heldBy(project) };
      return { project, spend: spendOf(part), input: part };
    });
    const credit = isPrepaid(terms, now) ? heldBy(WHOLE).creditFemto : null;
    return { spend: spendOf(input), input, projects, creditFemto: credit };
  }
}
