// Ends what is over in the organizations at hand, before anything is decided there.
import { rows } from '#libs/database/database.js';
import { expire } from '../domain/settle.js';
import type { ReservationRow } from './kept-reservation.js';
import type { Unit } from './admission-units.js';
import { reservationOf } from './reservation-text.js';
import { sayExcess } from './tell.js';

/** Does it where a reservation may be over by now. The first change of a unit of work, since it may load more. */
export async function expireDue(unit: Unit): Promise<void> {
  const { book, view } = unit;
  const due = book.due();
  if (due.length === 0) return;
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
  for (const kept of over.map(reservationOf)) {
    const standing = book.standing(kept.reservation.request.organization);
    if (!standing) continue;
    const settled = expire(standing, kept.reservation);
    sayExcess(book, settled);
    book.put({ ...kept, reservation: settled.reservation });
  }
}
