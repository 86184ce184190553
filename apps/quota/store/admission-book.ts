// One unit of work over pages, in memory: the rules change standings here, and what they made is written down in the end.
import type { Announcement } from '#libs/outbox/announcement.store.js';
import type { Decision } from '../domain/decision.js';
import type { Standing } from '../domain/standing.js';
import type { KeptReservation } from './kept-reservation.js';
import { bucketKey, type ModelName } from './model-names.js';
import { isAllRated, isFresh, type Page } from './page.js';

export class AdmissionBook {
  readonly reservations = new Map<string, KeptReservation>();
  readonly decisions: Decision[] = [];
  readonly announcements: Announcement[] = [];
  /** Rows of waiting usage that were taken in. */
  readonly taken: { readonly organization: string; readonly id: string }[] = [];

  constructor(
    readonly pages: ReadonlyMap<string, Page>,
    readonly now: number,
  ) {}

  /** undefined: the organization is not registered. */
  standing(organization: string): Standing | undefined {
    return this.pages.get(organization)?.standing;
  }

  organizations(): readonly string[] {
    return [...this.pages.keys()];
  }

  /** The spend as it was when the book was opened; undefined where it was not known then. */
  spentBefore(organization: string, project: string): bigint | undefined {
    const page = this.pages.get(organization);
    const row = page?.money.get(project);
    return row && page && isFresh(row, page) ? row.spent : undefined;
  }

  /** Whether the spend of a scope was rated in this unit of work: it has the usage that waits. */
  isRated(organization: string, project: string): boolean {
    return this.pages.get(organization)?.rated.has(project) ?? false;
  }

  /** Whether the buckets of a model were made from the fold in this unit of work: they hold what was folded before it. */
  isSeeded(name: ModelName): boolean {
    return this.pages.get(name.organization)?.seeded.has(bucketKey(name)) ?? false;
  }

  /** Whether the living holds of a model were put on top of the fold in this unit of work. */
  isHeldOnFold(name: ModelName): boolean {
    const page = this.pages.get(name.organization);
    return this.isSeeded(name) && page?.kept.get(bucketKey(name)) === null;
  }

  isAllRated(organization: string): boolean {
    const page = this.pages.get(organization);
    return page !== undefined && isAllRated(page);
  }

  /** Text of the limit that blocked a scope; null when it is not blocked. */
  blocked(organization: string, project: string): string | null {
    return this.pages.get(organization)?.blocked.get(project) ?? null;
  }

  block(organization: string, project: string, limit: string | null): void {
    this.pages.get(organization)?.blocked.set(project, limit);
  }

  /** Organizations some of whose reservations may be over. */
  due(): string[] {
    return [...this.pages]
      .filter(([, { nextExpiry }]) => nextExpiry !== null && nextExpiry <= this.now)
      .map(([organization]) => organization);
  }

  /** A reservation of this unit of work, as it stands in it. */
  reservation(id: string): KeptReservation | undefined {
    return this.reservations.get(id);
  }

  put(kept: KeptReservation): void {
    this.reservations.set(kept.reservation.id, kept);
    const page = this.pages.get(kept.reservation.request.organization);
    if (!page || kept.reservation.state !== 'held') return;
    page.nextExpiry = Math.min(page.nextExpiry ?? Infinity, kept.reservation.expiresAt);
  }

  /** Says when the next reservation of an organization may be over; null when none lives. */
  nextExpiry(organization: string, at: number | null): void {
    const page = this.pages.get(organization);
    if (page) page.nextExpiry = at;
  }

  take(organization: string, id: string): void {
    this.taken.push({ organization, id });
  }

  note(decision: Decision): void {
    this.decisions.push(decision);
  }

  say(announcement: Announcement): void {
    this.announcements.push(announcement);
  }
}
