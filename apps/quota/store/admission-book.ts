// One unit of work over standings; longer than 200 lines, as what is loaded and how it is written back are one decision.
// The organizations are locked, loaded, changed by the rules and written back in one statement.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { type Announcement, announce } from '#libs/outbox/announcement.store.js';
import { limitsOf, type Terms } from '#libs/rating/price-book.js';
import { monthOf, type Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { creditLeftFemto, isPrepaid, type MonthSpend } from '../domain/credit.js';
import type { Decision } from '../domain/decision.js';
import { monthMoney } from '../domain/month-money.js';
import { spendOf, type Standing, useBuckets, WHOLE } from '../domain/standing.js';
import {
  type AdmissionRow,
  type BucketRow,
  bucketsOf,
  type KeptReservation,
  lockOrganizations,
  reservationOf,
  reservationRow,
  type ReservationRow,
  writeAdmission,
} from './admission-rows.js';
import { readStandings } from './standing-rows.js';
import {
  admissionRows,
  bookName,
  bucketRows,
  byScope,
  isFresh,
  type ModelName,
  namesOf,
  type Page,
  type Scope,
  uniqueNames,
  uniqueScopes,
} from './book-page.js';
import type { BucketStore } from './bucket.store.js';
import type { MarkedTerms, TermsCache } from './terms-cache.js';

export interface BookStores {
  readonly terms: TermsCache;
  readonly hours: UsageHourStore;
  readonly buckets: BucketStore;
}

/** What a unit of work is about. */
export interface BookWish {
  readonly names: readonly ModelName[];
  readonly now: number;
  /** Names of requests that may live already. */
  readonly requests?: readonly (readonly [organization: string, requestId: string])[];
}

export class AdmissionBook {
  readonly #pages = new Map<string, Page>();
  readonly #reservations = new Map<string, KeptReservation>();
  readonly #decisions: Decision[] = [];
  readonly #announcements: Announcement[] = [];
  #generation = '';

  /** Living reservations under the names that were asked for. */
  held: readonly KeptReservation[] = [];

  private constructor(
    private readonly tx: EntityManager,
    private readonly stores: BookStores,
    readonly now: number,
  ) {}

  /** Locks the organizations until the transaction ends and loads their money; `projects` names the projects that matter. */
  static async open(
    tx: EntityManager,
    stores: BookStores,
    wanted: BookWish,
  ): Promise<AdmissionBook> {
    const book = new AdmissionBook(tx, stores, wanted.now);
    const organizations = [...new Set(wanted.names.map((name) => name.organization))].toSorted();
    await lockOrganizations(tx, organizations);
    const names = uniqueNames(wanted.names);
    const read = await readStandings(tx, {
      organizations,
      scopes: uniqueScopes(names),
      models: names.map(({ organization, project, model }) => [organization, project, model]),
      requests: wanted.requests ?? [],
    });
    book.#generation = read.generation;
    book.held = read.held.map((body) => reservationOf({ body }));
    const terms = await stores.terms.find(tx, read.accounts, read.catalogs);
    await book.loadMoney(names, terms, read.admissions);
    await book.openModels(names, read.buckets);
    return book;
  }

  /** undefined: the organization is not registered. */
  standing(organization: string): Standing | undefined {
    return this.#pages.get(organization)?.standing;
  }

  organizations(): readonly string[] {
    return [...this.#pages.keys()];
  }

  /** The spend as it was when the book was opened; undefined where it was not known then. */
  spentBefore(organization: string, project: string): bigint | undefined {
    const page = this.#pages.get(organization);
    const row = page?.loaded.get(project);
    return row && page && isFresh(row, page.mark, this.now) ? BigInt(row.spent) : undefined;
  }

  /** Whether the buckets of a model were made from the fold in this unit of work: they hold what was folded before it. */
  isSeeded({ organization, project, model }: ModelName): boolean {
    return this.#pages.get(organization)?.seeded.has(`${project}\0${model}`) ?? false;
  }

  /** Rates the month anew, as the transaction sees its usage. */
  async rateAgain(organization: string): Promise<void> {
    const page = this.#pages.get(organization);
    if (!page) return;
    page.rated = await this.rate(page.standing.terms, monthOf(this.now));
    for (const [project, spend] of page.standing.spend)
      spend.spentFemto = page.rated.get(project) ?? 0n;
  }

  /** Text of the limit that blocked a scope; null when it is not blocked. */
  blocked(organization: string, project: string): string | null {
    return this.#pages.get(organization)?.blocked.get(project) ?? null;
  }

  block(organization: string, project: string, limit: string | null): void {
    this.#pages.get(organization)?.blocked.set(project, limit);
  }

  /** Organizations some of whose reservations may be over. */
  due(): string[] {
    return [...this.#pages]
      .filter(([, { nextExpiry }]) => nextExpiry !== null && nextExpiry <= this.now)
      .map(([organization]) => organization);
  }

  /** Reservations by id, as kept under the lock; their models are loaded with them. */
  async reservations(
    condition: string,
    parameters: readonly unknown[],
  ): Promise<KeptReservation[]> {
    const found = await rows<Pick<ReservationRow, 'body' | 'id'>>(
      this.tx,
      `SELECT id, body FROM reservation WHERE ${condition}`,
      parameters,
    );
    const kept = found.map((row) => this.#reservations.get(row.id) ?? reservationOf(row));
    await this.loadModels(kept.flatMap(({ reservation }) => namesOf(reservation.request)));
    return kept;
  }

  /** A reservation of this unit of work, as it stands in it. */
  reservation(id: string): KeptReservation | undefined {
    return this.#reservations.get(id);
  }

  put(kept: KeptReservation): void {
    this.#reservations.set(kept.reservation.id, kept);
    const { organization } = kept.reservation.request;
    const page = this.#pages.get(organization);
    if (!page || kept.reservation.state !== 'held') return;
    page.nextExpiry = Math.min(page.nextExpiry ?? Infinity, kept.reservation.expiresAt);
  }

  /** When the next of the reservations that live is over, as kept; organizations without any are absent. */
  async nextExpiries(organizations: readonly string[]): Promise<Map<string, number>> {
    const over = [...this.#reservations.values()].map(({ reservation }) => reservation.id);
    const found = await rows<{ organization: string; at: string }>(
      this.tx,
      `SELECT organization, min(expires_at) AS at FROM reservation
       WHERE ended_at IS NULL AND organization = ANY($1) AND id <> ALL($2) GROUP BY organization`,
      [organizations, over],
    );
    return new Map(found.map(({ organization, at }) => [organization, Number(at)]));
  }

  /** Says when the next reservation of an organization is over; null when none lives. */
  nextExpiry(organization: string, at: number | null): void {
    const page = this.#pages.get(organization);
    if (page) page.nextExpiry = at;
  }

  note(decision: Decision): void {
    this.#decisions.push(decision);
  }

  say(announcement: Announcement): void {
    this.#announcements.push(announcement);
  }

  /** Loads what is not loaded yet: money of projects and buckets of models. */
  async loadModels(names: readonly ModelName[]): Promise<void> {
    const scopes = uniqueScopes(names).filter(
      ([organization, project]) => this.standing(organization)?.spend.has(project) === false,
    );
    if (scopes.length > 0) await this.openScopes(scopes, await this.admissions(scopes));
    const missing = this.unopened(names);
    if (missing.length === 0) return;
    const found = await rows<BucketRow>(
      this.tx,
      `SELECT * FROM admission_bucket WHERE (organization, project, model)
         IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
      [
        missing.map(({ organization }) => organization),
        missing.map(({ project }) => project),
        missing.map(({ model }) => model),
      ],
    );
    await this.openModels(missing, found);
  }

  private unopened(names: readonly ModelName[]): ModelName[] {
    return uniqueNames(names).filter(({ organization, project, model }) => {
      const page = this.#pages.get(organization);
      return page && !page.loadedBuckets.has(`${project}\0${model}`);
    });
  }

  private async openModels(
    names: readonly ModelName[],
    found: readonly BucketRow[],
  ): Promise<void> {
    const byName = new Map(found.map((row) => [bookName(row), row]));
    const unseeded: ModelName[] = [];
    for (const name of this.unopened(names)) {
      const row = byName.get(bookName(name));
      const page = this.#pages.get(name.organization) as Page;
      const key = `${name.project}\0${name.model}`;
      page.loadedBuckets.set(
        key,
        row ? JSON.stringify([row.buckets, Number(row.excess_until)]) : '',
      );
      if (row?.generation === this.#generation)
        page.standing.models.set(key, {
          buckets: bucketsOf(row.buckets),
          excessUntil: Number(row.excess_until),
        });
      else unseeded.push(name);
    }
    await this.seed(unseeded);
  }

  /** Writes everything that changed. */
  async write(): Promise<void> {
    const admissions: AdmissionRow[] = [];
    const buckets: BucketRow[] = [];
    for (const [organization, page] of this.#pages) {
      admissions.push(...admissionRows(organization, page, this.now));
      buckets.push(...bucketRows(organization, page, this.#generation));
    }
    await writeAdmission(this.tx, {
      admissions,
      buckets,
      reservations: [...this.#reservations.values()].map(reservationRow),
      decisions: this.#decisions,
    });
    await announce(this.tx, this.#announcements);
  }

  private async loadMoney(
    names: readonly ModelName[],
    terms: ReadonlyMap<string, MarkedTerms>,
    admissions: readonly AdmissionRow[],
  ): Promise<void> {
    const found = byScope(admissions);
    for (const [organization, marked] of terms) {
      const mark = `${this.#generation}/${marked.mark}`;
      const whole = found.get(`${organization}\0${WHOLE}`);
      const isKnown = whole !== undefined && isFresh(whole, mark, this.now);
      const credit = isKnown ? whole.credit : await this.credit(marked.terms);
      const standing: Standing = {
        organization,
        terms: marked.terms,
        ...(credit === null ? {} : { creditFemto: BigInt(credit) }),
        spend: new Map(),
        models: new Map(),
      };
      this.#pages.set(organization, {
        standing,
        mark,
        loaded: new Map(),
        loadedBuckets: new Map(),
        seeded: new Set(),
        nextExpiry: whole?.next_expiry == null ? null : Number(whole.next_expiry),
        blocked: new Map(),
      });
    }
    await this.openScopes(uniqueScopes(names), found);
  }

  private async admissions(scopes: readonly Scope[]): Promise<ReadonlyMap<string, AdmissionRow>> {
    return byScope(
      await rows<AdmissionRow>(
        this.tx,
        `SELECT * FROM admission
         WHERE (organization, project) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
        [scopes.map(([organization]) => organization), scopes.map(([, project]) => project)],
      ),
    );
  }

  private async openScopes(
    scopes: readonly Scope[],
    found: ReadonlyMap<string, AdmissionRow>,
  ): Promise<void> {
    const month = monthOf(this.now);
    for (const [organization, project] of scopes) {
      const page = this.#pages.get(organization);
      if (!page || page.standing.spend.has(project)) continue;
      const row = found.get(`${organization}\0${project}`);
      if (row) page.loaded.set(project, row);
      const spend = spendOf(page.standing, project);
      if (row && isFresh(row, page.mark, this.now)) spend.spentFemto = BigInt(row.spent);
      else {
        page.rated ??= await this.rate(page.standing.terms, month);
        spend.spentFemto = page.rated.get(project) ?? 0n;
      }
      spend.heldFemto = BigInt(row?.held ?? 0);
      // What waits for its event counts in the month of its settlement alone.
      const isOfMonth = row?.month === month.from.toString();
      spend.unconfirmedFemto = isOfMonth ? BigInt(row.unconfirmed) : 0n;
      page.blocked.set(project, row?.blocked ?? null);
    }
  }

  private async rate(terms: Terms, month: Period): Promise<Map<string, bigint>> {
    const { hours } = this.stores;
    return monthMoney(terms, month, await hours.rowsByProject(terms.account.id, month, this.tx));
  }

  // Months before this one, from the first credit on, burned what is gone of the credits.
  private async credit(terms: Terms): Promise<string | null> {
    if (!isPrepaid(terms, this.now)) return null;
    const first = Math.min(this.now, ...terms.account.credits.map(({ grantedAt }) => grantedAt));
    const months: MonthSpend[] = [];
    let month = monthOf(first);
    while (month.to <= this.now) {
      const money = await this.rate(terms, month);
      months.push({ ...month, femto: money.get(WHOLE) ?? 0n });
      month = monthOf(month.to);
    }
    return creditLeftFemto(terms, months, this.now).toString();
  }

  // Buckets that were never reserved from, or whose fold was rebuilt: what the log says, and every hold that lives on top.
  private async seed(names: readonly ModelName[]): Promise<void> {
    if (names.length === 0) return;
    const whole = names.filter(({ organization, project, model }) => {
      const terms = this.standing(organization)?.terms;
      return project === WHOLE && terms && Object.keys(limitsOf(terms, model, this.now)).length > 0;
    });
    const kept = await this.stores.buckets.find(this.tx, whole);
    for (const { organization, model, limit, bucket } of kept) {
      const standing = this.#pages.get(organization)?.standing;
      const key = `${WHOLE}\0${model}`;
      const known = standing?.models.get(key) ?? { buckets: new Map(), excessUntil: 0 };
      known.buckets.set(limit, bucket);
      standing?.models.set(key, known);
    }
    for (const name of names) {
      this.#pages.get(name.organization)?.seeded.add(`${name.project}\0${name.model}`);
      await this.seedHolds(name);
    }
  }

  private async seedHolds({ organization, project, model }: ModelName): Promise<void> {
    const page = this.#pages.get(organization);
    if (!page || page.loadedBuckets.get(`${project}\0${model}`) === '') return;
    const found = await rows<Pick<ReservationRow, 'body'>>(
      this.tx,
      `SELECT body FROM reservation WHERE organization = $1 AND model = $2 AND state = 'held'
         AND ($3 = '' OR project = $3) ORDER BY made_at`,
      [organization, model, project],
    );
    for (const row of found) {
      const { reservation } = reservationOf(row);
      useBuckets(
        page.standing,
        project,
        { model, project: null, at: reservation.bookedAt },
        reservation.booked,
      );
    }
  }
}
