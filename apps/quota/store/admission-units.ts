// Units of work over standings, one at a time in this process. A unit decides on pages that are in memory already, where it can, and
// writes them if they are still what the database has; whoever lost a page to another instance decides again.
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { announce } from '#libs/outbox/announcement.store.js';
import { AdmissionBook } from './admission-book.js';
import { writeBook } from './admission-write.js';
import type { ReservationRow } from './kept-reservation.js';
import { byOrganization, type ModelName, namesOf } from './model-names.js';
import { type OpenPages, PageDesk } from './page-desk.js';
import type { BookStores } from './page-loader.js';
import { lockOrganizations } from './standing-rows.js';
import { type Lane, Turns } from './turns.js';

/** What a unit of work is about; the clock as it reads when the unit begins. */
export interface UnitWish {
  readonly names: readonly ModelName[];
  readonly now: number;
  readonly lane: Lane;
  /** Waits for the organizations' locks first, so that nobody else can win: for those that lost more than once. */
  readonly locks?: boolean;
}

/** Where a unit gets what it needs on its pages. */
export interface UnitPages {
  open(names: readonly ModelName[]): Promise<void>;
  rateAnew(organizations: readonly string[]): Promise<void>;
}

/** A unit of work while it runs: its book, and what may still be read. Whatever is read here is as new as the pages, or newer. */
export class Unit {
  constructor(
    readonly view: EntityManager,
    readonly book: AdmissionBook,
    private readonly pages: UnitPages,
  ) {}

  /** Puts more names on the pages; before anything is changed on them. */
  async need(names: readonly ModelName[]): Promise<void> {
    await this.pages.open(names);
  }

  /** The same for what reservations are about. */
  async needFor(found: readonly ReservationRow[]): Promise<void> {
    await this.need(found.flatMap(namesOf));
  }

  /** Makes pages of these organizations again, with their month rated; before anything is changed on them. */
  async rateAnew(organizations: readonly string[]): Promise<void> {
    await this.pages.rateAnew(organizations);
  }
}

export class AdmissionUnits {
  readonly #turns = new Turns();
  readonly #desk: PageDesk;

  constructor(
    private readonly source: DataSource,
    readonly stores: BookStores,
  ) {
    this.#desk = new PageDesk(source, stores);
  }

  /** Whether an organization's page is in memory. */
  isResident(organization: string): boolean {
    return this.#desk.isResident(organization);
  }

  /** Resolves when the next unit is about to begin (turns.ts). */
  async ended(): Promise<void> {
    return this.#turns.ended();
  }

  /**
   * Lets `work` change a book over the names' pages and writes it. Gives the organizations of which nothing was written, since
   * another instance has changed them, their terms are others, or a request's name lives: those must be decided again.
   */
  async run(wish: UnitWish, work: (unit: Unit) => Promise<void>): Promise<ReadonlySet<string>> {
    return this.#turns.take(wish.lane, async () => {
      const runner = this.source.createQueryRunner();
      const pages: OpenPages = new Map();
      try {
        await runner.connect();
        return await this.attempt(runner, pages, wish, work);
      } catch (error) {
        this.#desk.forget(pages);
        await abandon(runner);
        throw error;
      } finally {
        await runner.release();
      }
    });
  }

  private async attempt(
    runner: QueryRunner,
    pages: OpenPages,
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
      open: async (names) => this.#desk.open(view, pages, names, wish.now),
      rateAnew: async (wanted) => this.#desk.rateAnew(pages, wanted, wish.now),
    });
    await unit.need(wish.names);
    await work(unit);
    // What is told is told in the same transaction; without it the statement commits by itself.
    if (book.announcements.length > 0 && !runner.isTransactionActive)
      await runner.startTransaction();
    const written = await writeBook(view, book);
    await announce(
      view,
      book.announcements.filter(({ key }) => written.has(key)),
    );
    if (runner.isTransactionActive) await runner.commitTransaction();
    return this.#desk.settle(pages, written);
  }
}

async function abandon(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch {
    // The connection is gone, and the transaction with it.
  }
}
