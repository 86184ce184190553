// Commands about reservations, many in one unit of work: everything that arrived while the last one ran goes into the next.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { type Clock, DAY_MS } from '#libs/time/instant.js';
import { placeOf } from '../domain/reservation.js';
import { NOTHING, rebook } from '../domain/standing.js';
import { apply, type Command, nameOf, type Outcome, reserve } from './admission-commands.js';
import type { KeptReservation, ReservationRow } from './kept-reservation.js';
import { AdmissionUnits, type Unit } from './admission-units.js';
import { namesOf } from './model-names.js';
import type { BookStores } from './page-loader.js';
import { forgetBefore } from './recent-use.store.js';
import { reservationOf } from './reservation-text.js';
import { readLiving } from './standing-rows.js';
import { evaluate } from './tell.js';
import { bringUpToDate } from './up-to-date.js';
import { UsageInbox } from './usage-inbox.js';

/** Blocked scopes looked at in one sweep; the next goes on behind them. */
const BLOCKED_AT_ONCE = 50;

/** Organizations of one sweep's piece of work: a check waits for one at most. */
const EXPIRED_AT_ONCE = 50;

/** Which attempt at a command it is: the second looks for its name, the third waits for the organization's lock. */
export type Attempt = 1 | 2 | 3;

export class AdmissionStore {
  readonly units: AdmissionUnits;
  readonly inbox: UsageInbox;
  #reviewed: readonly [organization: string, project: string] = ['', ''];

  constructor(
    private readonly source: DataSource,
    readonly stores: BookStores,
    clock: Clock,
  ) {
    this.units = new AdmissionUnits(source, stores);
    this.inbox = new UsageInbox(source, this.units, clock);
  }

  /**
   * Does all commands in order. Commands of unknown reservations and organizations change nothing. undefined: nothing was done,
   * since another instance was faster or a name lives; the command is to be tried again.
   */
  async run(
    commands: readonly Command[],
    now: number,
    attempt: Attempt = 3,
  ): Promise<(Outcome | undefined)[]> {
    const ids = commands.flatMap((command) => ('id' in command ? [command.id] : []));
    const about = ids.length === 0 ? [] : await this.byIdsAfterUsage(ids);
    const names = commands.flatMap((command) =>
      command.kind === 'reserve' ? namesOf(command.request) : [],
    );
    names.push(...about.flatMap(namesOf));
    let outcomes: Outcome[] = [];
    const owners = new Map(about.map(({ id, organization }) => [id, organization]));
    const wish = { names, now, lane: 'asked', locks: attempt === 3 } as const;
    const failed = await this.units.run(wish, async (unit) => {
      const living = attempt === 1 ? [] : await readLiving(unit.view, requestNames(commands));
      await unit.needFor(living);
      await bringUpToDate(unit);
      const found = ids.length === 0 ? [] : await this.byIds(ids, unit);
      outcomes = decideAll(unit, commands, living.map(reservationOf), found.map(reservationOf));
    });
    return outcomes.map((outcome, index) => {
      const command = commands[index] as Command;
      const owner =
        command.kind === 'reserve' ? command.request.organization : owners.get(command.id);
      return owner !== undefined && failed.has(owner) ? undefined : outcome;
    });
  }

  /** Ends reservations whose time is over, some organizations at a time; how many organizations there were. */
  async expireSome(now: number, limit = EXPIRED_AT_ONCE): Promise<number> {
    const due = await rows<{ organization: string }>(
      this.source,
      `SELECT organization FROM admission WHERE next_expiry <= $1 ORDER BY next_expiry LIMIT $2`,
      [now, limit],
    );
    if (due.length === 0) return 0;
    const names = due.map(({ organization }) => ({ organization, project: '', model: '' }));
    let known = 0;
    const wish = { names, now, lane: 'own', locks: true } as const;
    const failed = await this.units.run(wish, async (unit) => {
      known = unit.book.pages.size;
      await bringUpToDate(unit);
      evaluate(unit.book, []);
    });
    return known - failed.size;
  }

  /** Looks again at scopes that are blocked: a new month, a higher limit or a correction frees them. */
  async reviewBlocked(now: number): Promise<void> {
    const blocked = await rows<{ organization: string; project: string }>(
      this.source,
      `SELECT organization, project FROM admission WHERE blocked IS NOT NULL
         AND (organization, project) > ($1, $2) ORDER BY organization, project LIMIT ${BLOCKED_AT_ONCE}`,
      this.#reviewed,
    );
    const isLast = blocked.length < BLOCKED_AT_ONCE;
    const last = blocked.at(-1);
    this.#reviewed = isLast || !last ? ['', ''] : [last.organization, last.project];
    if (blocked.length === 0) return;
    const names = blocked.map((scope) => ({ ...scope, model: '' }));
    await this.units.run({ names, now, lane: 'own', locks: true }, async ({ book }) => {
      await Promise.resolve();
      evaluate(book, []);
    });
  }

  /** Writes down reservations that a lease admitted; one whose name lives already is left out. */
  async adopt(leased: readonly KeptReservation[], now: number): Promise<void> {
    const asked = leased.map((kept) => kept.asked);
    const names = asked.flatMap(namesOf);
    await this.units.run({ names, now, lane: 'own', locks: true }, async (unit) => {
      const { book, view } = unit;
      const requests = asked.map(
        ({ organization, requestId }) => [organization, requestId] as const,
      );
      const found = await readLiving(view, requests);
      const living = new Set(found.map(reservationOf).map((kept) => nameOf(kept.asked)));
      await bringUpToDate(unit);
      for (const kept of leased) {
        const { reservation } = kept;
        const standing = book.standing(reservation.request.organization);
        if (!standing || living.has(nameOf(kept.asked))) continue;
        rebook(standing, placeOf(reservation), NOTHING, reservation.booked);
        book.put(kept);
      }
      evaluate(book, []);
    });
  }

  /** Forgets what explains nothing any more: usage after a day, refusals after 30, ended reservations after 36 (the event window). */
  async forget(now: number): Promise<number> {
    const daysAgo = (days: number): number => now - days * DAY_MS;
    const before = { use: daysAgo(1), decision: daysAgo(30), reservation: daysAgo(36) };
    return forgetBefore(this.source, before);
  }

  /** A reservation as it is kept; undefined for an unknown one. */
  async find(id: string): Promise<KeptReservation | undefined> {
    const [row] = await this.byIdsAfterUsage([id]);
    return row && reservationOf(row);
  }

  // Usage that was folded before is taken in first: whoever waited for it sees what it settled.
  private async byIdsAfterUsage(ids: readonly string[]): Promise<ReservationRow[]> {
    const found = await rows<ReservationRow & { waits: boolean }>(
      this.source,
      `SELECT r.*, EXISTS (SELECT FROM usage_inbox i WHERE i.organization = r.organization) AS waits
       FROM reservation r WHERE id = ANY($1)`,
      [ids],
    );
    const waits = found.filter((row) => row.waits).map(({ organization }) => organization);
    if (waits.length === 0) return found;
    await this.inbox.takeInOf([...new Set(waits)]);
    return this.byIds(ids);
  }

  private async byIds(ids: readonly string[], unit?: Unit): Promise<ReservationRow[]> {
    return rows<ReservationRow>(
      unit?.view ?? this.source,
      'SELECT * FROM reservation WHERE id = ANY($1)',
      [ids],
    );
  }
}

function decideAll(
  { book }: Unit,
  commands: readonly Command[],
  living: readonly KeptReservation[],
  found: readonly KeptReservation[],
): Outcome[] {
  const held = new Map(living.map((kept) => [nameOf(kept.reservation.request), kept]));
  const byId = new Map(found.map((kept) => [kept.reservation.id, kept]));
  const outcomes = commands.map((command): Outcome => {
    if (command.kind === 'reserve') return reserve(book, command, held);
    const kept = book.reservation(command.id) ?? byId.get(command.id);
    return kept ? apply(book, command, kept) : { kind: 'unknown_reservation' };
  });
  evaluate(
    book,
    outcomes.flatMap((one) => (one.kind === 'refused' ? [one.decision] : [])),
  );
  return outcomes;
}

function requestNames(
  commands: readonly Command[],
): (readonly [organization: string, requestId: string])[] {
  return commands.flatMap((command) =>
    command.kind === 'reserve' ? [[command.request.organization, command.request.requestId]] : [],
  );
}
