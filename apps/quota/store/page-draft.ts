// Pages as far as their rows say them, and the gaps that only the fold can fill.
import { limitsOf } from '#libs/rating/price-book.js';
import { monthOf } from '#libs/time/month.js';
import { spendOf, type Standing, WHOLE } from '../domain/standing.js';
import { type AdmissionRow, type BucketRow, bucketsOf, moneyOf } from './admission-rows.js';
import { bookName, bucketKey, byOrganization, type ModelName } from './model-names.js';
import { isFresh, type Page } from './page.js';
import type { StandingRows } from './standing-rows.js';
import type { MarkedTerms } from './terms-cache.js';

/** `unrated` scopes need the month rated, `unseeded` buckets are to be made from the fold. */
export interface PageDraft {
  readonly page: Page;
  /** The organization has no row yet that could be locked or compared. */
  readonly isNew: boolean;
  readonly isCreditMissing: boolean;
  readonly unrated: readonly string[];
  readonly unseeded: readonly ModelName[];
}

export type Drafts = ReadonlyMap<string, PageDraft>;

/** Whether the rows say all of the page. */
export function isWhole({ isNew, isCreditMissing, unrated, unseeded }: PageDraft): boolean {
  return !isNew && !isCreditMissing && unrated.length === 0 && unseeded.length === 0;
}

/** One draft per registered organization; `names` are unique. */
export function draftPages(
  read: StandingRows,
  terms: ReadonlyMap<string, MarkedTerms>,
  names: readonly ModelName[],
  now: number,
): Drafts {
  const money = new Map(read.admissions.map((row) => [`${row.organization}\0${row.project}`, row]));
  const buckets = new Map(read.buckets.map((row) => [bookName(row), row]));
  const facts = new Map(read.accounts.map(({ id, fact_id: factId }) => [id, factId]));
  const drafts = new Map<string, PageDraft>();
  for (const [organization, own] of byOrganization(names)) {
    const marked = terms.get(organization);
    if (!marked) continue;
    const factId = facts.get(organization) ?? '';
    const { generation, catalogs } = read;
    const rowOf = (project: string): AdmissionRow | undefined =>
      money.get(`${organization}\0${project}`);
    const page = pageOf(marked, { factId, catalogs, generation }, rowOf(WHOLE), now);
    const projects = [...new Set([WHOLE, ...own.map(({ project }) => project)])];
    const unrated = projects.filter((project) => !openScope(page, project, rowOf(project)));
    const unseeded = own.filter(
      (name) => name.model !== '' && !openBuckets(page, name, buckets.get(bookName(name)), now),
    );
    const whole = page.money.get(WHOLE);
    const isCreditMissing = !whole || !isFresh(whole, page);
    drafts.set(organization, { page, isNew: !rowOf(WHOLE), isCreditMissing, unrated, unseeded });
  }
  return drafts;
}

function pageOf(
  { terms, mark }: MarkedTerms,
  facts: Page['facts'],
  whole: AdmissionRow | undefined,
  now: number,
): Page {
  const standing: Standing = {
    organization: terms.account.id,
    terms,
    spend: new Map(),
    models: new Map(),
  };
  return {
    standing,
    facts,
    mark: `${facts.generation}/${mark}`,
    month: monthOf(now).from,
    version: Number(whole?.version ?? 0),
    money: new Map(),
    kept: new Map(),
    models: new Set(),
    seeded: new Set(),
    rated: new Set(),
    waiting: [],
    nextExpiry: whole?.next_expiry == null ? null : Number(whole.next_expiry),
    blocked: new Map(),
  };
}

// False when the month must be rated for it.
function openScope(page: Page, project: string, row: AdmissionRow | undefined): boolean {
  const spend = spendOf(page.standing, project);
  page.blocked.set(project, row?.blocked ?? null);
  if (!row) return false;
  const money = moneyOf(row);
  page.money.set(project, money);
  spend.heldFemto = money.held;
  // What waits for its event counts in the month of its settlement alone.
  if (money.month === page.month) spend.unconfirmedFemto = money.unconfirmed;
  if (!isFresh(money, page)) return false;
  spend.spentFemto = money.spent;
  if (project === WHOLE && money.credit !== null) page.standing.creditFemto = money.credit;
  return true;
}

// False when the buckets must be made from the fold: it has none of projects, and none where there is no limit.
function openBuckets(
  page: Page,
  name: ModelName,
  row: BucketRow | undefined,
  now: number,
): boolean {
  const key = bucketKey(name);
  page.models.add(key);
  const { terms } = page.standing;
  if (!row)
    return name.project !== WHOLE || Object.keys(limitsOf(terms, name.model, now)).length === 0;
  if (row.generation !== page.facts.generation) {
    page.kept.set(key, null);
    return false;
  }
  const buckets = bucketsOf(row.buckets);
  const excessUntil = Number(row.excess_until);
  page.kept.set(key, { buckets, excessUntil });
  page.standing.models.set(key, { buckets: new Map(buckets), excessUntil });
  return true;
}
