// Units of work over standings, one at a time in this process. A unit decides on pages that are in memory already, where it can, and
// writes them if they are still what the database has; whoever lost a page to another instance decides again.
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { announce } from '#libs/outbox/announcement.store.js';
import { monthOf } from '#libs/time/month.js';
import { AdmissionBook } from './admission-book.js';
import { type Written, writeBook } from './admission-write.js';
import { byOrganization, type ModelName, namesOf } from './model-names.js';
import { isWhole } from './page-draft.js';
import { type BookStores, PageLoader } from './page-loader.js';
import { hasNames, namesOn, noteWritten, type Page } from './page.js';
import { Residents } from './residents.js';
import { lockOrganizations, makeRows } from './standing-rows.js';
import { Turns } from './turns.js';
import type { ReservationRow } from './kept-reservation.js';

/** What a unit of work is about; the clock as it reads when the unit begins. */
export interface UnitWish {
  readonly names: readonly ModelName[];
  readonly now: number;
  /** Waits for the organizations' locks first, so that nobody else can win: for those that lost more than once. */
  readonly locks?: boolean;
}

/** Names on a page beyond which it is loaded anew with what is asked for alone. */
const MOST_NAMES = 200;

/** A unit of work while it runs: its book, and what may still be read. Whatever is read here is as new as the pages, or newer. */
export class Unit {
  constructor(
    readonly view: EntityManager,
    readonly book: AdmissionBook,
    private readonly loader: UnitLoader,
  ) {}

  /** Puts more names on the pages; before anything is changed on them. */
  async need(names: readonly ModelName[]): Promise<void> {
    await this.loader.open(this, names);
  }

  /** Makes pages of these organizations again, with their month rated; before anything is changed on them. */
  async rateAnew(organizations: readonly string[]): Promise<void> {
    await this.loader.rateAnew(this, organizations);
  }

  /** The same as `need` for what reservations are about. */
  async needFor(found: readonly ReservationRow[]): Promise<void> {
    await this.need(found.flatMap(namesOf));
  }
}

interface UnitLoader {
  open(unit: Unit, names: readonly ModelName[]): Promise<void>;
  rateAnew(unit: Unit, organizations: readonly string[]): Promise<void>;
}

export class AdmissionUnits {
  readonly #residents = new Residents();
  readonly #turns = new Turns();
  readonly #loader: PageLoader;

  constructor(
    private readonly source: DataSource,
    readonly stores: BookStores,
  ) {
    this.#loader = new PageLoader(stores);
  }

  /**
   * Lets `work` change a book over the names' pages and writes it. Gives the organizations of which nothing was written, since
   * another instance has changed them, their terms are others, or a request's name lives: those must be decided again.
   */
  async run(wish: UnitWish, work: (unit: Unit) => Promise<void>): Promise<ReadonlySet<string>> {
    return this.#turns.take(async () => {
      const runner = this.source.createQueryRunner();
      const pages = new Map<string, Page>();
      try {
        await runner.connect();
        return await this.attempt(runner, pages, wish, work);
      } catch (error) {
        for (const organization of pages.keys()) this.#residents.drop(organization);
        await abandon(runner);
        throw error;
      } finally {
        await runner.release();
      }
    });
  }

  private async attempt(
    runner: QueryRunner,
    pages: Map<string, Page>,
    wish: UnitWish,
    work: (unit: Unit) => Promise<void>,
  ): Promise<ReadonlySet<string>> {
    const view = runner.manager;
    if (wish.locks) {
      await runner.startTransaction();
      await lockOrganizations(view, [...byOrganization(wish.names).keys()]);
    }
    const book = new AdmissionBook(pages, wish.now);
    const unit = new Unit(view, book, {
      open: async (_, names) => this.open(runner, pages, wish.now, names),
      rateAnew: async (_, organizations) => this.rateAnew(pages, wish.now, organizations),
    });
    await unit.need(wish.names);
    await work(unit);
    if (book.announcements.length > 0 && !runner.isTransactionActive)
      await runner.startTransaction();
    const written = await writeBook(view, book);
    await announce(
      view,
      book.announcements.filter(({ key }) => written.has(key)),
    );
    if (runner.isTransactionActive) await runner.commitTransaction();
    return this.settle(pages, written);
  }

  private settle(pages: ReadonlyMap<string, Page>, written: Written): ReadonlySet<string> {
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

  // From memory where the names are there and the month is still the same; the rest from the database.
  private async open(
    runner: QueryRunner,
    pages: Map<string, Page>,
    now: number,
    names: readonly ModelName[],
  ): Promise<void> {
    const missing: ModelName[] = [];
    for (const [organization, own] of byOrganization(names)) {
      const page = pages.get(organization) ?? this.#residents.get(organization);
      if (page && isOfMonth(page, now) && hasNames(page, own)) pages.set(organization, page);
      else {
        const before = page ? namesOn(page) : [];
        missing.push(...own, ...(before.length > MOST_NAMES ? [] : before));
      }
    }
    if (missing.length === 0) return;
    for (const [organization, page] of await this.load(runner, missing, now))
      pages.set(organization, page);
  }

  private async rateAnew(
    pages: Map<string, Page>,
    now: number,
    organizations: readonly string[],
  ): Promise<void> {
    const names = organizations.flatMap((organization) => {
      const page = pages.get(organization);
      return page ? namesOn(page) : [];
    });
    const made = await this.fromFold(names, now, new Set(organizations));
    for (const [organization, page] of made) pages.set(organization, page);
  }

  private async load(
    runner: QueryRunner,
    names: readonly ModelName[],
    now: number,
  ): Promise<Map<string, Page>> {
    const drafts = await this.#loader.draft(runner.manager, names, now);
    const pages = new Map<string, Page>();
    const gaps = new Set<string>();
    for (const [organization, draft] of drafts)
      if (isWhole(draft)) pages.set(organization, draft.page);
      else gaps.add(organization);
    if (gaps.size === 0) return pages;
    const isNew = [...gaps].filter((organization) => drafts.get(organization)?.isNew);
    if (isNew.length > 0) await makeRows(runner.manager, isNew);
    const rest = names.filter(({ organization }) => gaps.has(organization));
    for (const [organization, page] of await this.fromFold(rest, now))
      pages.set(organization, page);
    return pages;
  }

  // By another connection: the unit's own may hold locks, and a snapshot must be younger than they are.
  private async fromFold(
    names: readonly ModelName[],
    now: number,
    anew?: ReadonlySet<string>,
  ): Promise<Map<string, Page>> {
    return this.source.transaction('REPEATABLE READ', async (view) =>
      this.#loader.load(view, names, now, anew),
    );
  }

  /** Whether an organization's page is in memory. */
  isResident(organization: string): boolean {
    return this.#residents.get(organization) !== undefined;
  }
}

function isOfMonth({ month }: Page, now: number): boolean {
  return month === monthOf(now).from;
}

async function abandon(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch {
    // The connection is gone, and the transaction with it.
  }
}
