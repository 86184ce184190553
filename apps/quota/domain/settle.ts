// How a reservation ends: by its event, by a call, by release, by expiry. Each changes the standing and gives the reservation after.
import type { LimitName } from '#libs/events/account-facts.js';
import type { Quantities, Quantity } from '#libs/events/quantities.js';
import { LIMIT_LAWS, windowNs } from '#libs/rating/bucket.js';
import { limitsOf } from '#libs/rating/price-book.js';
import {
  added,
  bookedNow,
  type Conflict,
  countedTokens,
  ended,
  type Excess,
  placeOf,
  type Reservation,
  usedBooking,
} from './reservation.js';
import { modelOf, NOTHING, rebook, type Standing, WHOLE } from './standing.js';
import { mostFemto } from './usage-cost.js';

/** A reservation after a command, and what went beyond it. */
export interface Settled {
  readonly reservation: Reservation;
  readonly excess?: Excess;
}

/** Settles to usage that an operator knows. The same usage again changes nothing; after another end it is a conflict. */
export function settleByCall(
  standing: Standing,
  reservation: Reservation,
  used: Quantities,
  at: number,
): Settled | Conflict {
  if (reservation.state === 'settled')
    return sameUsage(reservation.actual ?? {}, used)
      ? { reservation }
      : {
          code: 'reservation_settled',
          detail: `The reservation was settled before, by ${reservation.settledBy}, to other usage.`,
        };
  if (reservation.state === 'released') return released();
  return settleTo(standing, reservation, { used, by: 'call', at });
}

/** Gives back what is held. Releasing what holds nothing any more changes nothing; what was used cannot be released. */
export function release(
  standing: Standing,
  reservation: Reservation,
  at: number,
): Settled | Conflict {
  if (reservation.state === 'settled')
    return {
      code: 'reservation_settled',
      detail: 'The reservation was settled to what was used: there is nothing to release.',
    };
  if (reservation.state !== 'held') return { reservation };
  rebook(standing, placeOf(reservation), reservation.booked, NOTHING);
  return { reservation: ended(reservation, 'released', at) };
}

/** Ends a reservation whose time is over: settled to the last report, else given back. */
export function expire(standing: Standing, reservation: Reservation): Settled {
  const at = reservation.expiresAt;
  if (reservation.reported !== null)
    return settleTo(standing, reservation, { used: reservation.reported, by: 'expiry', at });
  rebook(standing, placeOf(reservation), reservation.booked, NOTHING);
  return { reservation: ended(reservation, 'expired', at) };
}

/** Usage that an event brought for a reservation. */
export interface EventUse {
  readonly model: string;
  readonly used: Quantities;
  /** What it costs, net of free usage. */
  readonly femto: bigint;
  /** When it was used, and now. */
  readonly usedAt: number;
  readonly at: number;
}

/** Settles by a usage event, whose money the log's own sums carry. More events of one reservation add up. */
export function settleByEvent(
  standing: Standing,
  reservation: Reservation,
  use: EventUse,
): Settled {
  const isFirst = reservation.settledBy !== 'event';
  const used = isFirst ? use.used : added(reservation.actual ?? {}, use.used);
  const femto = isFirst ? use.femto : reservation.actualFemto + use.femto;
  const isLate = reservation.state === 'released' || reservation.state === 'expired';
  const place = isLate ? { ...placeOf(reservation), at: use.usedAt } : placeOf(reservation);
  const before = bookedNow(reservation, use.at);
  const after = usedBooking(reservation.request, used, 0n);
  if (use.model === reservation.request.model) rebook(standing, place, before, after);
  else {
    // Another model ran in the end: its own buckets take the use, those of the reserved one get everything back.
    rebook(standing, place, before, NOTHING);
    rebook(standing, { ...place, model: use.model, at: use.usedAt }, NOTHING, after);
  }
  const settled: Reservation = {
    ...reservation,
    state: 'settled',
    booked: use.model === reservation.request.model ? after : NOTHING,
    actual: used,
    actualFemto: femto,
    settledBy: 'event',
    endedAt: reservation.endedAt ?? use.at,
  };
  // What an earlier event exceeded was said then.
  const said = isFirst ? undefined : reservation;
  return withExcess(standing, settled, said, { isLate, at: use.at });
}

function settleTo(
  standing: Standing,
  reservation: Reservation,
  { used, by, at }: { used: Quantities; by: 'call' | 'expiry'; at: number },
): Settled {
  const femto = mostFemto(standing.terms, reservation, used, at);
  const after = usedBooking(reservation.request, used, femto);
  rebook(standing, placeOf(reservation), bookedNow(reservation, at), after);
  const settled: Reservation = {
    ...reservation,
    state: 'settled',
    booked: after,
    actual: used,
    actualFemto: femto,
    settledBy: by,
    endedAt: at,
  };
  return withExcess(standing, settled, undefined, { isLate: false, at });
}

function withExcess(
  standing: Standing,
  reservation: Reservation,
  said: Reservation | undefined,
  end: { isLate: boolean; at: number },
): Settled {
  const now = beyond(reservation);
  const before = said ? beyond(said) : { tokens: 0n, femto: 0n };
  const [tokens, femto] = [now.tokens - before.tokens, now.femto - before.femto];
  if (tokens === 0n && femto === 0n && !end.isLate) return { reservation };
  blockUntilPaidBack(standing, reservation, tokens, end.at);
  return { reservation, excess: { reservation, tokens, femto, isLate: end.isLate } };
}

// The excess blocks the model's next requests for as long as refill takes to pay it back (design section 6).
function blockUntilPaidBack(
  standing: Standing,
  { request }: Reservation,
  tokens: bigint,
  at: number,
): void {
  const limits = limitsOf(standing.terms, request.model, at);
  const name = (['tokens_per_minute', 'tokens_per_day'] as LimitName[]).find((one) => limits[one]);
  const limit = name && limits[name];
  if (tokens === 0n || name === undefined || !limit) return;
  const model = modelOf(standing, WHOLE, request.model);
  const waitNs = (tokens * windowNs(LIMIT_LAWS[name])) / BigInt(limit);
  model.excessUntil = Math.max(model.excessUntil, at) + Number(waitNs / 1_000_000n) + 1;
}

function sameUsage(left: Quantities, right: Quantities): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]) as Set<Quantity>;
  return [...names].every((name) => (left[name] ?? 0) === (right[name] ?? 0));
}

function released(): Conflict {
  return {
    code: 'reservation_released',
    detail: 'The reservation was released: usage that came all the same counts by its event.',
  };
}

function beyond({ held, actual, actualFemto }: Reservation): { tokens: bigint; femto: bigint } {
  return {
    tokens: above(countedTokens(actual ?? {}), held.tokens),
    femto: above(actualFemto, held.femto),
  };
}

function above(value: bigint, bound: bigint): bigint {
  return value > bound ? value - bound : 0n;
}
