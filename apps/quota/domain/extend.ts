// A stream goes on: the usage so far is noted, the hold lives longer, and grows where more is asked for or was used.
import {
  INPUT_POOLS,
  OUTPUT_POOLS,
  QUANTITIES,
  type Quantities,
  type Quantity,
} from '#libs/events/quantities.js';
import { decide, violations } from './decide.js';
import { NO_TAKE, windowsOf } from './windows.js';
import type { Decision } from './decision.js';
import { type Conflict, heldBooking, placeOf, type Reservation } from './reservation.js';
import { rebook, type Standing } from './standing.js';
import { isFault, type RequestFault, worstCase } from './worst-case.js';

export interface Extension {
  /** Usage so far, by pool; undefined: nothing is reported. */
  readonly tokens: Quantities | undefined;
  readonly maxOutputTokens: bigint | undefined;
  readonly ttlSeconds: number | undefined;
  readonly at: number;
  /** Names the decision about what is asked for beyond the hold. */
  readonly ulid: string;
}

/** The reservation after it; with `refused` the hold is as it was, and only the report was noted. */
export interface Extended {
  readonly reservation: Reservation;
  readonly refused?: Decision;
}

/** Extends a reservation that lives; anything else, and a report below the last one, is a conflict. */
export function extend(
  standing: Standing,
  reservation: Reservation,
  asked: Extension,
): Extended | Conflict | RequestFault {
  const conflict = conflictOf(reservation, asked);
  if (conflict) return conflict;
  const reported = asked.tokens ?? reservation.reported;
  const ttlSeconds = asked.ttlSeconds ?? reservation.request.ttlSeconds;
  const expiresAt =
    asked.ttlSeconds === undefined
      ? Math.max(reservation.expiresAt, asked.at + ttlSeconds * 1_000)
      : asked.at + ttlSeconds * 1_000;
  const request = {
    ...reservation.request,
    inputTokens: most(reservation.request.inputTokens, sumOf(reported, INPUT_POOLS)),
    maxOutputTokens: most(
      asked.maxOutputTokens ?? outputOf(reservation),
      sumOf(reported, OUTPUT_POOLS),
    ),
  };
  const worst = worstCase(standing.terms, request, { from: reservation.madeAt, to: expiresAt });
  if (isFault(worst)) return worst;
  const { held } = reservation;
  const more = {
    requests: 0,
    tokens: above(worst.tokens, held.tokens),
    audioMs: above(worst.audioMs, held.audioMs),
    femto: above(worst.femto, held.femto),
  };
  const isMore = more.tokens > 0n || more.audioMs > 0n || more.femto > 0n;
  const violated = isMore ? violations(standing, request, more, asked.at) : [];
  if (violated.length > 0) {
    const refused = refusal(standing, { ...request, ttlSeconds }, asked, violated);
    return { reservation: { ...reservation, reported }, refused };
  }
  const booked = heldBooking(request, worst);
  rebook(standing, placeOf(reservation), reservation.booked, booked);
  return { reservation: { ...reservation, request, reported, expiresAt, held: worst, booked } };
}

function refusal(
  standing: Standing,
  request: Reservation['request'],
  { at, ulid }: Extension,
  violated: Decision['violated'],
): Decision {
  const decided = decide(standing, { request, at, ulid });
  if (isFault(decided)) throw new Error(decided.detail);
  const windows = windowsOf(standing, request, at, NO_TAKE);
  const outcome = 'refused';
  return { ...decided.decision, outcome, violated, windows, held: null, reservation: null };
}

function conflictOf(reservation: Reservation, asked: Extension): Conflict | undefined {
  if (reservation.state !== 'held')
    return {
      code: `reservation_${reservation.state}`,
      detail: `The reservation is ${reservation.state}: make a new one.`,
    };
  const before = reservation.reported ?? {};
  const after = asked.tokens ?? before;
  const less = QUANTITIES.find((name) => (after[name] ?? 0) < (before[name] ?? 0));
  if (less !== undefined)
    return {
      code: 'below_reported',
      pointer: `/tokens/${less}`,
      detail: `is ${after[less] ?? 0}, and ${before[less] ?? 0} was reported before: usage so far only grows`,
    };
  const output = sumOf(after, OUTPUT_POOLS);
  if (asked.maxOutputTokens === undefined || asked.maxOutputTokens >= output) return undefined;
  return {
    code: 'below_reported',
    pointer: '/max_output_tokens',
    detail: `is below the ${output} tokens of output that were reported`,
  };
}

// What was held as output, also when the model's own maximum stood in for it.
function outputOf({ request, held }: Reservation): bigint {
  return request.maxOutputTokens ?? held.tokens - request.inputTokens;
}

function sumOf(quantities: Quantities | null, pools: readonly Quantity[]): bigint {
  return pools.reduce((sum, pool) => sum + BigInt(quantities?.[pool] ?? 0), 0n);
}

function most(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function above(value: bigint, bound: bigint): bigint {
  return value > bound ? value - bound : 0n;
}
