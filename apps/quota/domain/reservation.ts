// A reservation: what it asked for, what it holds, and how it ended.
import { type Quantities, TOKEN_POOLS } from '#libs/events/quantities.js';
import { monthOf } from '#libs/time/month.js';
import type { ReservationRequest } from './decision.js';
import { takeOf } from './windows.js';
import {
  type Booking,
  type BookingPlace,
  modelOf,
  NOTHING,
  scopesOf,
  type Standing,
} from './standing.js';
import type { WorstCase } from './worst-case.js';

export type ReservationState = 'held' | 'settled' | 'released' | 'expired';

export interface Reservation {
  /** `rsv_` and a ULID. */
  readonly id: string;
  /** As it stands: an extension raises its estimates. */
  readonly request: ReservationRequest;
  readonly madeAt: number;
  /** When its use of the buckets is dated: when it was made, or where a clock that went backwards had been before. */
  readonly bookedAt: number;
  readonly expiresAt: number;
  readonly state: ReservationState;
  /** The worst case that was admitted. */
  readonly held: WorstCase;
  /** What it takes of buckets and money now. */
  readonly booked: Booking;
  /** The last usage reported by `extend`; null before the first report. */
  readonly reported: Quantities | null;
  /** What it was settled to. */
  readonly actual: Quantities | null;
  /** What that costs, in femto-units; 0n before. */
  readonly actualFemto: bigint;
  readonly settledBy: 'event' | 'call' | 'expiry' | null;
  readonly endedAt: number | null;
}

/** Why a command about a reservation was not done; nothing changed. */
export interface Conflict {
  readonly code:
    | 'reservation_settled'
    | 'reservation_released'
    | 'reservation_expired'
    | 'below_reported'
    | 'request_id_reused';
  readonly detail: string;
  /** JSON pointer into the body, where one field is at fault. */
  readonly pointer?: string;
}

/** Usage beyond what was reserved. */
export interface Excess {
  readonly reservation: Reservation;
  /** Counted tokens and money beyond the reservation, never negative. */
  readonly tokens: bigint;
  readonly femto: bigint;
  /** The usage named a reservation that had ended before: released, or expired without a report. */
  readonly isLate: boolean;
}

/** Tokens that count against limits: every pool but cached input (design section 6). */
export function countedTokens(quantities: Quantities): bigint {
  let sum = 0n;
  for (const pool of TOKEN_POOLS) if (pool !== 'cached_input') sum += BigInt(quantities[pool] ?? 0);
  return sum;
}

/** The booking of a worst case that is held. */
export function heldBooking({ serviceTier }: ReservationRequest, worst: WorstCase): Booking {
  const take = takeOf(serviceTier, worst);
  return { ...take, heldFemto: worst.femto, unconfirmedFemto: 0n };
}

/** The booking of known usage; `unconfirmedFemto` until its event has come. */
export function usedBooking(
  { serviceTier }: ReservationRequest,
  used: Quantities,
  unconfirmedFemto: bigint,
): Booking {
  const [tokens, audioMs] = [countedTokens(used), BigInt(used.audio_ms ?? 0)];
  const take = takeOf(serviceTier, { requests: 1, tokens, audioMs });
  return { ...take, heldFemto: 0n, unconfirmedFemto };
}

/** What a reservation takes now; money that waited for its event counts in the month of its settlement alone. */
export function bookedNow({ booked, endedAt }: Reservation, at: number): Booking {
  const isOfMonth = endedAt === null || monthOf(endedAt).from === monthOf(at).from;
  return isOfMonth ? booked : { ...booked, unconfirmedFemto: 0n };
}

/** Where a reservation's booking counts. */
export function placeOf({ request, bookedAt }: Reservation): BookingPlace {
  return { model: request.model, project: request.project, at: bookedAt };
}

/**
 * The instant to date a new use at: now, but never before the last use of its buckets. A use dated before them would count as
 * refilled since, and a clock that goes backwards would let everything pass.
 */
export function bookingInstant(
  standing: Standing,
  { model, project }: Pick<ReservationRequest, 'model' | 'project'>,
  now: number,
): number {
  const uses = scopesOf(project).flatMap((scope) =>
    [...modelOf(standing, scope, model).buckets.values()].map(({ at }) => at),
  );
  return Math.max(now, ...uses);
}

/** A new reservation of an admitted request. */
export function newReservation(
  id: string,
  request: ReservationRequest,
  held: WorstCase,
  when: { readonly now: number; readonly bookedAt: number },
): Reservation {
  const { now: at, bookedAt } = when;
  return {
    id,
    request,
    madeAt: at,
    bookedAt,
    expiresAt: at + request.ttlSeconds * 1_000,
    state: 'held',
    held,
    booked: heldBooking(request, held),
    reported: null,
    actual: null,
    actualFemto: 0n,
    settledBy: null,
    endedAt: null,
  };
}

/** The reservation after it ended without usage. */
export function ended(
  reservation: Reservation,
  state: 'released' | 'expired',
  at: number,
): Reservation {
  return { ...reservation, state, booked: NOTHING, endedAt: at };
}

/** Two reports of one request added up. */
export function added(left: Quantities, right: Quantities): Quantities {
  const sum: Quantities = { ...left };
  for (const [name, units] of Object.entries(right) as [keyof Quantities, number][])
    sum[name] = (sum[name] ?? 0) + units;
  return sum;
}
