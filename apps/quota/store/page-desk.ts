// Where a unit of work gets its pages: from memory where they are, from their rows, or made from the fold.
import type { DataSource, EntityManager } from 'typeorm';
import { monthOf } from '#libs/time/month.js';
import type { Written } from './admission-write.js';
import { byOrganization, type ModelName } from './model-names.js';
import { isWhole } from './page-draft.js';
import { type BookStores, PageLoader } from './page-loader.js';
import { hasNames, namesOn, noteWritten, type Page } from './page.js';
import { Residents } from './residents.js';
import { makeRows } from './standing-rows.js';

/** Names on a page beyond which it is loaded anew with what is asked for alone. */
const MOST_NAMES = 200;

/** The pages of one unit of work, by organization. */
export type OpenPages = Map<string, Page>;

export class PageDesk {
  readonly #residents = new Residents();
  readonly #loader: PageLoader;

  constructor(
    private readonly source: DataSource,
    stores: BookStores,
  ) {
    this.#loader = new PageLoader(stores);
  }

  /** Whether an organization's page is in memory. */
  isResident(organization: string): boolean {
    return this.#residents.get(organization) !== undefined;
  }

  /** Puts the names on the pages of a unit, of registered organizations; `view` is the unit's connection. */
  async open(
    view: EntityManager,
    pages: OpenPages,
    names: readonly ModelName[],
    now: number,
  ): Promise<void> {
    const month = monthOf(now).from;
    const missing: ModelName[] = [];
    for (const [organization, own] of byOrganization(names)) {
      const page = pages.get(organization) ?? this.#residents.get(organization);
      if (page && page.month === month && hasNames(page, own)) pages.set(organization, page);
      else {
        const before = page ? namesOn(page) : [];
        missing.push(...own, ...(before.length > MOST_NAMES ? [] : before));
      }
    }
    if (missing.length > 0) await this.load(view, pages, missing, now);
  }

  /** Makes pages of these organizations again, with their month rated. */
  async rateAnew(pages: OpenPages, organizations: readonly string[], now: number): Promise<void> {
    const names = organizations.flatMap((organization) => {
      const page = pages.get(organization);
      return page ? namesOn(page) : [];
    });
    await this.fromFold(pages, names, now, new Set(organizations));
  }

  /** After the commit: pages that were written stay in memory. Gives the organizations of the others. */
  settle(pages: OpenPages, written: Written): ReadonlySet<string> {
    const failed = new Set<string>();
    for (const [organization, page] of pages) {
      const changes = written.get(organization);
      if (changes) {
        noteWritten(page, changes);
        this.#residents.keep(page);
        continue;
      }
      this.#residents.drop(organization);
      failed.add(organization);
    }
    return failed;
  }

  /** Nobody knows what became of the unit. */
  forget(pages: OpenPages): void {
    for (const organization of pages.keys()) this.#residents.drop(organization);
  }

  private async load(
    view: EntityManager,
    pages: OpenPages,
    names: readonly ModelName[],
    now: number,
  ): Promise<void> {
    const drafts = await this.#loader.draft(view, names, now);
    const gaps = new Set<string>();
    for (const [organization, draft] of drafts)
      if (isWhole(draft)) pages.set(organization, draft.page);
      else gaps.add(organization);
    if (gaps.size === 0) return;
    const isNew = [...gaps].filter((organization) => drafts.get(organization)?.isNew);
    if (isNew.length > 0) await makeRows(view, isNew);
    const rest = names.filter(({ organization }) => gaps.has(organization));
    await this.fromFold(pages, rest, now);
  }

  // By another connection: the unit's own may hold locks, and a snapshot must be younger than they are.
  private async fromFold(
    pages: OpenPages,
    names: readonly ModelName[],
    now: number,
    anew?: ReadonlySet<string>,
  ): Promise<void> {
    const made = await this.source.transaction('REPEATABLE READ', async (view) =>
      this.#loader.load(view, names, now, anew),
    );
    for (const [organization, page] of made) pages.set(organization, page);
  }
}
