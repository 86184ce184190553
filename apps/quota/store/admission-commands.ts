// One command on an open book: what it changes there, and what came of it.
import type { Quantities } from '#libs/events/quantities.js';
import { decide } from '../domain/decide.js';
import type { Decision, ReservationRequest } from '../domain/decision.js';
import { extend, type Extension } from '../domain/extend.js';
import { bookingInstant, type Conflict, newReservation, placeOf } from '../domain/reservation.js';
import { sameRequest } from '../domain/same-request.js';
import { release, settleByCall } from '../domain/settle.js';
import { NOTHING, rebook } from '../domain/standing.js';
import { isFault, type RequestFault } from '../domain/worst-case.js';
import type { AdmissionBook } from './admission-book.js';
import type { KeptReservation } from './kept-reservation.js';
import { sayExcess } from './tell.js';

export type Command =
  | { readonly kind: 'reserve'; readonly request: ReservationRequest; readonly ulid: string }
  | ({ readonly kind: 'extend'; readonly id: string } & Omit<Extension, 'at'>)
  | { readonly kind: 'settle'; readonly id: string; readonly tokens: Quantities }
  | { readonly kind: 'release'; readonly id: string };

export type Outcome =
  | { readonly kind: 'done'; readonly kept: KeptReservation; readonly isReplayed: boolean }
  | { readonly kind: 'refused'; readonly decision: Decision }
  | { readonly kind: 'fault'; readonly fault: RequestFault }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'unknown_organization' | 'unknown_reservation' };

/** The name under which a request lives once. */
export function nameOf({
  organization,
  requestId,
}: Pick<ReservationRequest, 'organization' | 'requestId'>): string {
  return `${organization}\0${requestId}`;
}

/** Decides a request, or gives the reservation that its name has already; `held` are those by organization and name. */
export function reserve(
  book: AdmissionBook,
  { request, ulid }: Extract<Command, { kind: 'reserve' }>,
  held: Map<string, KeptReservation>,
): Outcome {
  const standing = book.standing(request.organization);
  if (!standing) return { kind: 'unknown_organization' };
  const name = nameOf(request);
  const before = held.get(name);
  const living = before && (book.reservation(before.reservation.id) ?? before);
  if (living?.reservation.state === 'held') {
    const other = sameRequest(living.asked, request);
    if (other) return { kind: 'conflict', conflict: other };
    return { kind: 'done', kept: living, isReplayed: true };
  }
  const decided = decide(standing, { request, at: book.now, ulid });
  if (isFault(decided)) return { kind: 'fault', fault: decided };
  const { decision, worst } = decided;
  if (decision.reservation === null) {
    book.note(decision);
    return { kind: 'refused', decision };
  }
  const when = { now: book.now, bookedAt: bookingInstant(standing, request, book.now) };
  const reservation = newReservation(decision.reservation, request, worst, when);
  rebook(standing, placeOf(reservation), NOTHING, reservation.booked);
  const { at, profile, tier, windows, leased } = decision;
  const decidedThen = { at, profile, tier, windows, leased };
  const kept = { reservation, decided: decidedThen, source: null, asked: request };
  held.set(name, kept);
  book.put(kept);
  return { kind: 'done', kept, isReplayed: false };
}

/** Extends, settles or releases a reservation. */
export function apply(
  book: AdmissionBook,
  command: Exclude<Command, { kind: 'reserve' }>,
  kept: KeptReservation,
): Outcome {
  const { reservation } = kept;
  const standing = book.standing(reservation.request.organization);
  if (!standing) return { kind: 'unknown_organization' };
  if (command.kind === 'extend') {
    const extended = extend(standing, reservation, { ...command, at: book.now });
    if (!('reservation' in extended))
      return isConflict(extended)
        ? { kind: 'conflict', conflict: extended }
        : { kind: 'fault', fault: extended };
    const after = { ...kept, reservation: extended.reservation };
    book.put(after);
    if (!extended.refused) return { kind: 'done', kept: after, isReplayed: false };
    book.note(extended.refused);
    return { kind: 'refused', decision: extended.refused };
  }
  const settled =
    command.kind === 'settle'
      ? settleByCall(standing, reservation, command.tokens, book.now)
      : release(standing, reservation, book.now);
  if (!('reservation' in settled)) return { kind: 'conflict', conflict: settled };
  const after = { ...kept, reservation: settled.reservation };
  sayExcess(book, settled);
  book.put(after);
  const isReplayed = settled.reservation === reservation;
  return { kind: 'done', kept: after, isReplayed };
}

const CONFLICTS = ['reservation_', 'below_reported', 'request_id_reused'];

function isConflict(value: Conflict | RequestFault): value is Conflict {
  return CONFLICTS.some((code) => value.code.startsWith(code));
}
