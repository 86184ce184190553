// Commands about reservations, many in one transaction: everything that arrived while the last one ran goes into the next.
// Locks are taken per organization in order, so that any number of instances decide without waiting in a circle.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { DAY_MS } from '#libs/time/instant.js';
import { placeOf } from '../domain/reservation.js';
import { expire } from '../domain/settle.js';
import { NOTHING, rebook } from '../domain/standing.js';
import { AdmissionBook, type BookStores } from './admission-book.js';
import { type ModelName, namesOf } from './book-page.js';
import { apply, type Command, nameOf, type Outcome, reserve } from './admission-commands.js';
import { type KeptReservation, reservationOf, type ReservationRow } from './admission-rows.js';
import { forgetBefore } from './recent-use.store.js';
import { evaluate, sayExcess } from './tell.js';

/** Blocked scopes looked at in one sweep; the next goes on behind them. */
const BLOCKED_AT_ONCE = 200;

export class AdmissionStore {
  #reviewed: readonly [organization: string, project: string] = ['', ''];

  constructor(
    private readonly source: DataSource,
    readonly stores: BookStores,
  ) {}

  /** Does all commands in order, in one transaction. Commands of unknown reservations and organizations change nothing. */
  async run(commands: readonly Command[], now: number): Promise<Outcome[]> {
    return this.source.transaction(async (tx) => {
      const known = await namesOfIds(tx, commands);
      const names = commands.flatMap((command) =>
        command.kind === 'reserve' ? namesOf(command.request) : (known.get(command.id) ?? []),
      );
      const requests = requestNames(commands);
      const book = await AdmissionBook.open(tx, this.stores, { names, now, requests });
      await expireDue(book);
      const ids = [...known.keys()];
      const loaded = ids.length ? await book.reservations('id = ANY($1)', [ids]) : [];
      const held = new Map(book.held.map((kept) => [nameOf(kept.reservation.request), kept]));
      const byId = new Map(loaded.map((kept) => [kept.reservation.id, kept]));
      const outcomes = commands.map((command) => {
        if (command.kind === 'reserve') return reserve(book, command, held);
        const kept = book.reservation(command.id) ?? byId.get(command.id);
        return kept ? apply(book, command, kept) : { kind: 'unknown_reservation' as const };
      });
      evaluate(
        book,
        outcomes.flatMap((one) => (one.kind === 'refused' ? [one.decision] : [])),
      );
      await book.write();
      return outcomes;
    });
  }

  /** Ends reservations whose time is over, some organizations at a time; how many organizations there were. */
  async expireSome(now: number, limit = 200): Promise<number> {
    const due = await rows<{ organization: string }>(
      this.source,
      `SELECT DISTINCT organization FROM (SELECT organization FROM reservation
         WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2) AS due`,
      [now, limit],
    );
    if (due.length === 0) return 0;
    await this.source.transaction(async (tx) => {
      const names = due.map(({ organization }) => ({ organization, project: '', model: '' }));
      const book = await AdmissionBook.open(tx, this.stores, { names, now });
      await expireDue(book, true);
      evaluate(book, []);
      await book.write();
    });
    return due.length;
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
    await this.source.transaction(async (tx) => {
      const names = blocked.map((scope) => ({ ...scope, model: '' }));
      const book = await AdmissionBook.open(tx, this.stores, { names, now });
      evaluate(book, []);
      await book.write();
    });
  }

  /** Writes down reservations that a lease admitted; one whose name lives already is left out. */
  async adopt(leased: readonly KeptReservation[], now: number): Promise<void> {
    await this.source.transaction(async (tx) => {
      const asked = leased.map((kept) => kept.asked);
      const book = await AdmissionBook.open(tx, this.stores, {
        names: asked.flatMap(namesOf),
        requests: asked.map(({ organization, requestId }) => [organization, requestId]),
        now,
      });
      const living = new Set(book.held.map(({ asked: request }) => nameOf(request)));
      for (const kept of leased) {
        const { reservation } = kept;
        const standing = book.standing(reservation.request.organization);
        if (!standing || living.has(nameOf(kept.asked))) continue;
        rebook(standing, placeOf(reservation), NOTHING, reservation.booked);
        book.put(kept);
      }
      await expireDue(book);
      evaluate(book, []);
      await book.write();
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
    const [row] = await rows<Pick<ReservationRow, 'body'>>(
      this.source,
      'SELECT body FROM reservation WHERE id = $1',
      [id],
    );
    return row && reservationOf(row);
  }
}

// Ends what is over in the organizations at hand, before anything is decided there.
async function expireDue(book: AdmissionBook, all = false): Promise<void> {
  const due = all ? [...book.organizations()] : book.due();
  if (due.length === 0) return;
  const over = await book.reservations(
    `ended_at IS NULL AND organization = ANY($1) AND expires_at <= $2 ORDER BY expires_at, id`,
    [due, book.now],
  );
  for (const organization of due) book.nextExpiry(organization, null);
  for (const kept of over) {
    const standing = book.standing(kept.reservation.request.organization);
    if (!standing) continue;
    const settled = expire(standing, kept.reservation);
    sayExcess(book, settled);
    book.put({ ...kept, reservation: settled.reservation });
  }
  const next = await book.nextExpiries(due);
  for (const [organization, at] of next) book.nextExpiry(organization, at);
}

// What a reservation is about never changes, so that it can be read before its organization is locked.
async function namesOfIds(
  tx: EntityManager,
  commands: readonly Command[],
): Promise<Map<string, ModelName[]>> {
  const ids = commands.flatMap((command) => ('id' in command ? [command.id] : []));
  if (ids.length === 0) return new Map();
  const found = await rows<{ id: string; organization: string; project: string; model: string }>(
    tx,
    'SELECT id, organization, project, model FROM reservation WHERE id = ANY($1)',
    [ids],
  );
  return new Map(found.map(({ id, ...request }) => [id, namesOf(request)]));
}

function requestNames(commands: readonly Command[]): [organization: string, requestId: string][] {
  return commands.flatMap((command) =>
    command.kind === 'reserve' ? [[command.request.organization, command.request.requestId]] : [],
  );
}
