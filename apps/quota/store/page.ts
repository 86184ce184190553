// One organization's page: its standing, what the database holds of it, and what differs. A page outlives its unit of work while
// its version is the database's.
import type { LimitName } from '#libs/events/account-facts.js';
import type { Bucket } from '#libs/rating/bucket.js';
import {
  type ModelStanding,
  type SpendStanding,
  type Standing,
  WHOLE,
} from '../domain/standing.js';
import { bucketKey, type ModelName } from './model-names.js';
import type { WaitingUsage } from './waiting-usage.js';

/** What a page was made from beside its rows: with another of them it is made anew. */
export interface PageFacts {
  /** The account's fact and the newest catalog fact, as text. */
  readonly factId: string;
  readonly catalogs: string;
  /** The life of the fold. */
  readonly generation: string;
}

/** The money of one scope as its row says it; femto-units, epoch ms. */
export interface KeptMoney {
  readonly month: number;
  readonly spent: bigint;
  readonly mark: string;
  readonly held: bigint;
  readonly unconfirmed: bigint;
  readonly credit: bigint | null;
  readonly nextExpiry: number | null;
  readonly blocked: string | null;
}

/** The buckets of one scope and model as their row says them. */
export interface KeptBuckets {
  readonly buckets: ReadonlyMap<LimitName, Bucket>;
  readonly excessUntil: number;
}

export interface Page {
  readonly standing: Standing;
  readonly facts: PageFacts;
  readonly mark: string;
  /** Start of the month that its money is of. */
  readonly month: number;
  /** Of the organization's row; each write adds one. */
  version: number;
  /** By project. */
  readonly money: Map<string, KeptMoney>;
  /** By `project\0model`; null where the row is of another life of the fold, absent where there is none. */
  readonly kept: Map<string, KeptBuckets | null>;
  /** Keys of what is loaded, and of what was made from the fold in this unit of work. */
  readonly models: Set<string>;
  readonly seeded: Set<string>;
  /** Scopes whose month was rated in this unit of work: they have the usage that waits. */
  readonly rated: Set<string>;
  /** Usage of the organization that waited when the page was made from the fold; none where the rows said all. */
  waiting: readonly WaitingUsage[];
  nextExpiry: number | null;
  readonly blocked: Map<string, string | null>;
}

/** What of a page its rows do not say yet. */
export interface PageChanges {
  readonly money: readonly (readonly [project: string, money: KeptMoney])[];
  readonly buckets: readonly (readonly [key: string, model: ModelStanding])[];
}

/** Whether something of the organization is written, so that pages made before are old. */
export interface WrittenPage extends PageChanges {
  readonly isTouched: boolean;
}

/** The money of a scope as its row is to say it. */
export function moneyRow(page: Page, project: string, spend: SpendStanding): KeptMoney {
  return {
    month: page.month,
    spent: spend.spentFemto,
    mark: page.mark,
    held: spend.heldFemto,
    unconfirmed: spend.unconfirmedFemto,
    credit: page.standing.creditFemto ?? null,
    nextExpiry: project === WHOLE ? page.nextExpiry : null,
    blocked: page.blocked.get(project) ?? null,
  };
}

/** The difference between a page and its rows. */
export function changesOf(page: Page): PageChanges {
  const money: [string, KeptMoney][] = [];
  for (const [project, spend] of page.standing.spend) {
    const before = page.money.get(project);
    const now = moneyRow(page, project, spend);
    if (!before || !isSameMoney(before, now)) money.push([project, now]);
  }
  const buckets = [...page.standing.models].filter(([key, model]) =>
    differs(page.kept.get(key), model),
  );
  return { money, buckets };
}

/** The rows say now what the page says. */
export function noteWritten(page: Page, { money, buckets, isTouched }: WrittenPage): void {
  if (isTouched) page.version += 1;
  for (const [project, row] of money) page.money.set(project, row);
  for (const [key, { buckets: now, excessUntil }] of buckets)
    page.kept.set(key, { buckets: new Map(now), excessUntil });
  page.seeded.clear();
  page.rated.clear();
  page.waiting = [];
}

/** Whether a kept spend is of the page's month, terms and life of the fold. */
export function isFresh(money: KeptMoney, { mark, month }: Pick<Page, 'mark' | 'month'>): boolean {
  return money.mark === mark && money.month === month;
}

/** Whether all spend on the page was rated in this unit of work. */
export function isAllRated({ rated, standing }: Page): boolean {
  return [...standing.spend.keys()].every((project) => rated.has(project));
}

/** Whether the money and the buckets of all names are on the page; they are its organization's. */
export function hasNames(page: Page, names: readonly ModelName[]): boolean {
  return names.every(
    (name) =>
      page.standing.spend.has(name.project) &&
      (name.model === '' || page.models.has(bucketKey(name))),
  );
}

/** The names of everything on a page. */
export function namesOn({ standing, models }: Page): ModelName[] {
  const { organization } = standing;
  const scopes = [...standing.spend.keys()].map((project) => ({
    organization,
    project,
    model: '',
  }));
  const buckets = [...models].map((key) => {
    const [project = '', model = ''] = key.split('\0');
    return { organization, project, model };
  });
  return [...scopes, ...buckets];
}

function isSameMoney(before: KeptMoney, now: KeptMoney): boolean {
  return (
    before.spent === now.spent &&
    before.held === now.held &&
    before.unconfirmed === now.unconfirmed &&
    before.nextExpiry === now.nextExpiry &&
    before.blocked === now.blocked &&
    before.credit === now.credit &&
    before.month === now.month &&
    before.mark === now.mark
  );
}

// Rules never change a bucket, they put another in its place: identity tells.
function differs(kept: KeptBuckets | null | undefined, model: ModelStanding): boolean {
  if (!kept) return kept === null || model.buckets.size > 0 || model.excessUntil !== 0;
  if (kept.excessUntil !== model.excessUntil || kept.buckets.size !== model.buckets.size)
    return true;
  for (const [name, bucket] of model.buckets) if (kept.buckets.get(name) !== bucket) return true;
  return false;
}
