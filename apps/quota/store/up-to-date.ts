// Brings the pages of a unit of work up to date before anything is decided on them: usage that waits, then what is over.
import { rows } from '#libs/database/database.js';
import { monthOf } from '#libs/time/month.js';
import { canBeAdded } from '../domain/month-money.js';
import { expire } from '../domain/settle.js';
import type { AdmissionBook } from './admission-book.js';
import type { Unit } from './admission-units.js';
import type { ReservationRow } from './kept-reservation.js';
import { reservationOf } from './reservation-text.js';
import { sayExcess } from './tell.js';
import { isAllRated } from './page.js';
import { rowsInMonth, takeIn } from './usage-admission.js';
import { namedBy, type WaitingUsage } from './waiting-usage.js';

/** The first change of a unit of work, since it may load more; `given` is usage that was read to be taken in. */
export async function bringUpToDate(
  unit: Unit,
  given: readonly WaitingUsage[] = [],
): Promise<void> {
  const over = await dueReservations(unit);
  await takeInWaiting(unit, given);
  for (const row of over) endByTime(unit.book, row);
}

/** Takes in what waits beside the pages, and what was given. */
export async function takeInWaiting(
  unit: Unit,
  given: readonly WaitingUsage[] = [],
): Promise<void> {
  await rateWhatCannotGrow(unit, given);
  const waiting = waitingIn(unit.book, given);
  if (waiting.length === 0) return;
  const ids = namedBy(waiting);
  const found = ids.length === 0 ? [] : await reservationsOf(unit, ids);
  takeIn(unit.book, waiting, found.map(reservationOf));
}

async function reservationsOf(unit: Unit, ids: readonly string[]): Promise<ReservationRow[]> {
  return rows(unit.view, 'SELECT * FROM reservation WHERE id = ANY($1)', [ids]);
}

// What the pages were made beside, and what was given, each row once and in the order of the log.
function waitingIn(book: AdmissionBook, given: readonly WaitingUsage[]): WaitingUsage[] {
  const all = new Map<string, WaitingUsage>();
  for (const page of book.pages.values()) for (const one of page.waiting) all.set(one.id, one);
  for (const one of given) if (book.pages.has(one.organization)) all.set(one.id, one);
  return [...all.values()].toSorted((one, other) => Number(one.id) - Number(other.id));
}

// Where a price is not per unit, usage cannot be added to what is spent: the month is rated, with all usage that waits.
async function rateWhatCannotGrow(unit: Unit, given: readonly WaitingUsage[]): Promise<void> {
  const { book } = unit;
  const period = monthOf(book.now);
  const anew = [...Map.groupBy(waitingIn(book, given), (one) => one.organization)]
    .filter(([organization, waiting]) => {
      const page = book.pages.get(organization);
      if (!page || isAllRated(page)) return false;
      const added = rowsInMonth(waiting, period);
      return added.length > 0 && !canBeAdded(page.standing.terms, period, added);
    })
    .map(([organization]) => organization);
  if (anew.length > 0) await unit.rateAnew(anew);
}

async function dueReservations(unit: Unit): Promise<ReservationRow[]> {
  const { book, view } = unit;
  const due = book.due();
  if (due.length === 0) return [];
  const over = await rows<ReservationRow>(
    view,
    `SELECT r.* FROM unnest($1::text[]) AS asked (organization) CROSS JOIN LATERAL (
       SELECT * FROM reservation WHERE organization = asked.organization AND ended_at IS NULL
         AND expires_at <= $2) AS r ORDER BY expires_at, id`,
    [due, book.now],
  );
  const next = await rows<{ organization: string; at: string }>(
    view,
    `SELECT asked.organization, r.expires_at AS at
     FROM unnest($1::text[]) AS asked (organization) CROSS JOIN LATERAL (
       SELECT expires_at FROM reservation WHERE organization = asked.organization
         AND ended_at IS NULL AND expires_at > $2 ORDER BY expires_at LIMIT 1) AS r`,
    [due, book.now],
  );
  await unit.needFor(over);
  const nexts = new Map(next.map(({ organization, at }) => [organization, Number(at)]));
  for (const organization of due) book.nextExpiry(organization, nexts.get(organization) ?? null);
  return over;
}

// Unless its event, which waited, has just settled it.
function endByTime(book: AdmissionBook, row: ReservationRow): void {
  const kept = book.reservation(row.id) ?? reservationOf(row);
  const standing = book.standing(row.organization);
  if (!standing || kept.reservation.state !== 'held') return;
  const settled = expire(standing, kept.reservation);
  sayExcess(book, settled);
  book.put({ ...kept, reservation: settled.reservation });
}
