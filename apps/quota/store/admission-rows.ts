// The rows of reservations and standings, and how they become what the rules work with.
import type { LimitName } from '#libs/events/account-facts.js';
import type { Bucket } from '#libs/rating/bucket.js';
import type { KeptReservation, ReservationRow } from './kept-reservation.js';
import type { KeptMoney } from './page.js';
import { reservationText } from './reservation-text.js';

/** A row of `admission`; numbers beyond 2^53 as text. */
export interface AdmissionRow {
  readonly organization: string;
  readonly project: string;
  readonly version: string;
  readonly month: string;
  readonly spent: string;
  readonly mark: string;
  readonly held: string;
  readonly unconfirmed: string;
  readonly credit: string | null;
  readonly next_expiry: string | null;
  /** Text of the hard limit that lets nothing pass; null: not blocked. */
  readonly blocked: string | null;
}

export interface BucketRow {
  readonly organization: string;
  readonly project: string;
  readonly model: string;
  /** JSON: {limit: [debt, at, since]}. */
  readonly buckets: string;
  readonly excess_until: string;
  readonly generation: string;
}

export function reservationRow(kept: KeptReservation): ReservationRow {
  const { id, request, state, madeAt, expiresAt, endedAt } = kept.reservation;
  return {
    id,
    organization: request.organization,
    request_id: request.requestId,
    state,
    model: request.model,
    project: request.project,
    made_at: madeAt,
    expires_at: expiresAt,
    ended_at: endedAt,
    body: reservationText(kept),
  };
}

export function moneyOf(row: AdmissionRow): KeptMoney {
  return {
    month: Number(row.month),
    spent: BigInt(row.spent),
    mark: row.mark,
    held: BigInt(row.held),
    unconfirmed: BigInt(row.unconfirmed),
    credit: row.credit === null ? null : BigInt(row.credit),
    nextExpiry: row.next_expiry === null ? null : Number(row.next_expiry),
    blocked: row.blocked,
  };
}

export function bucketsText(buckets: ReadonlyMap<LimitName, Bucket>): string {
  const text: Record<string, readonly [debt: string, at: number, since: number]> = {};
  for (const [name, { debt, at, since }] of buckets) text[name] = [debt.toString(), at, since];
  return JSON.stringify(text);
}

export function bucketsOf(text: string): Map<LimitName, Bucket> {
  const parsed = JSON.parse(text) as Record<string, [debt: string, at: number, since: number]>;
  return new Map(
    Object.entries(parsed).map(([name, [debt, at, since]]) => [
      name as LimitName,
      { debt: BigInt(debt), at, since },
    ]),
  );
}
