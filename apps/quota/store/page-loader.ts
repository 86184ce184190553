// Makes pages out of rows. What the rows do not say, since the month, the terms or the life of the fold are others, is made from
// the fold; that takes a view that sees one state.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { dueOf, type MonthDue } from '#libs/rating/credit-burn.js';
import { feesIn } from '#libs/rating/fees.js';
import type { Terms } from '#libs/rating/price-book.js';
import { rateMonth } from '#libs/rating/rate-month.js';
import { monthOf, type Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { creditLeftFemto, isPrepaid } from '../domain/credit.js';
import { monthMoney } from '../domain/month-money.js';
import { modelOf, spendOf, useBuckets, WHOLE } from '../domain/standing.js';
import type { ReservationRow } from './kept-reservation.js';
import { bucketKey, type ModelName, uniqueNames, uniqueScopes } from './model-names.js';
import { type Drafts, draftPages, type PageDraft } from './page-draft.js';
import type { Page } from './page.js';
import { reservationOf } from './reservation-text.js';
import { namesInUsage } from './usage-admission.js';
import { namesOfReservations, waitingOf } from './waiting-usage.js';
import { readStandings } from './standing-rows.js';
import type { BucketStore } from './bucket.store.js';
import type { TermsCache } from './terms-cache.js';

export interface BookStores {
  readonly terms: TermsCache;
  readonly hours: UsageHourStore;
  readonly buckets: BucketStore;
}

export class PageLoader {
  constructor(readonly stores: BookStores) {}

  /** Drafts of the registered organizations, in one statement; a draft without gaps is a page. */
  async draft(view: EntityManager, names: readonly ModelName[], now: number): Promise<Drafts> {
    const unique = uniqueNames(names);
    const read = await readStandings(view, {
      organizations: [...new Set(unique.map(({ organization }) => organization))],
      scopes: uniqueScopes(unique),
      models: unique.filter(({ model }) => model !== ''),
    });
    const terms = await this.stores.terms.find(view, read.accounts, read.catalogs);
    return draftPages(read, terms, unique, now);
  }

  /**
   * Pages of the registered organizations, made from the fold where their rows do not say all, and with the usage that waits for
   * them: `view` sees one state, so that what waits is what the fold has more than the rows. All scopes of `anew` are rated.
   */
  async load(
    view: EntityManager,
    names: readonly ModelName[],
    now: number,
    anew: ReadonlySet<string> = new Set(),
  ): Promise<Map<string, Page>> {
    const organizations = new Set(names.map(({ organization }) => organization));
    const waiting = await waitingOf(view, [...organizations]);
    const more = [...waiting.flatMap(namesInUsage), ...(await namesOfReservations(view, waiting))];
    const own = more.filter(({ organization }) => organizations.has(organization));
    const drafts = await this.draft(view, [...names, ...own], now);
    const byName = Map.groupBy(waiting, ({ organization }) => organization);
    const pages = new Map<string, Page>();
    for (const [organization, draft] of drafts) {
      const { page } = draft;
      page.waiting = byName.get(organization) ?? [];
      const unrated = anew.has(organization) ? [...page.standing.spend.keys()] : draft.unrated;
      await this.fill(view, { ...draft, unrated }, now);
      pages.set(organization, page);
    }
    return pages;
  }

  private async fill(view: EntityManager, draft: PageDraft, now: number): Promise<void> {
    const { page, unrated, unseeded, isCreditMissing } = draft;
    const { terms } = page.standing;
    if (isCreditMissing) {
      const credit = await this.credit(view, terms, now);
      if (credit !== null) page.standing.creditFemto = credit;
    }
    if (unrated.length > 0) {
      const rated = await this.rate(view, terms, monthOf(now));
      for (const project of unrated) {
        spendOf(page.standing, project).spentFemto = rated.get(project) ?? 0n;
        page.rated.add(project);
      }
    }
    await this.seed(view, page, unseeded);
  }

  private async rate(
    view: EntityManager,
    terms: Terms,
    month: Period,
  ): Promise<Map<string, bigint>> {
    const { hours } = this.stores;
    return monthMoney(terms, month, await hours.rowsByProject(terms.account.id, month, view));
  }

  // Months before this one, from the first credit on, burned what is gone of the credits.
  private async credit(view: EntityManager, terms: Terms, now: number): Promise<bigint | null> {
    if (!isPrepaid(terms, now)) return null;
    const first = Math.min(now, ...terms.account.credits.map(({ grantedAt }) => grantedAt));
    const { hours } = this.stores;
    const months: MonthDue[] = [];
    let month = monthOf(first);
    while (month.to <= now) {
      const used = await hours.rowsByProject(terms.account.id, month, view);
      months.push({ period: month, femto: dueOf(rateMonth({ terms, period: month, rows: used })) });
      month = monthOf(month.to);
    }
    const feesFemto = feesIn(terms, month).reduce((sum, { amountFemto }) => sum + amountFemto, 0n);
    return creditLeftFemto(terms, months, { at: now, feesFemto });
  }

  // Buckets that were never reserved from, or whose fold was rebuilt: what the log says, and every hold that lives on top.
  private async seed(view: EntityManager, page: Page, names: readonly ModelName[]): Promise<void> {
    const { standing } = page;
    const whole = names.filter(({ project }) => project === WHOLE);
    for (const { model, limit, bucket } of await this.stores.buckets.find(view, whole))
      modelOf(standing, WHOLE, model).buckets.set(limit, bucket);
    for (const name of names) {
      page.seeded.add(bucketKey(name));
      if (page.kept.has(bucketKey(name))) await seedHolds(view, page, name);
    }
  }
}

async function seedHolds(
  view: EntityManager,
  { standing }: Page,
  { organization, project, model }: ModelName,
): Promise<void> {
  const found = await rows<ReservationRow>(
    view,
    `SELECT * FROM reservation WHERE organization = $1 AND model = $2 AND state = 'held'
       AND ($3 = '' OR project = $3) ORDER BY made_at`,
    [organization, model, project],
  );
  for (const row of found) {
    const { reservation } = reservationOf(row);
    const place = { model, project: null, at: reservation.bookedAt };
    useBuckets(standing, project, place, reservation.booked);
  }
}
