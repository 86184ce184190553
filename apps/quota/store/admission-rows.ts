// The rows of reservations and standings, and how they become what the rules work with.
import type { EntityManager } from 'typeorm';
import { preparedRows } from '#libs/database/database.js';
import type { LimitName } from '#libs/events/account-facts.js';
import type { Bucket } from '#libs/rating/bucket.js';
import type { Decision } from '../domain/decision.js';
import type { Reservation } from '../domain/reservation.js';
import type { ModelStanding } from '../domain/standing.js';
import { packBig, unpackBig } from './big-json.js';

export interface AdmissionRow {
  readonly organization: string;
  readonly project: string;
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
  readonly buckets: Readonly<Record<string, readonly [debt: string, at: number, since: number]>>;
  readonly excess_until: string;
  readonly generation: string;
}

/** An admitted reservation with what its decision said beside it. */
export interface KeptReservation {
  readonly reservation: Reservation;
  readonly decided: Pick<Decision, 'at' | 'profile' | 'tier' | 'windows' | 'leased'>;
  /** The node whose event settled it. */
  readonly source: string | null;
  /** As first asked, before any extension. */
  readonly asked: Decision['request'];
}

export interface ReservationRow {
  readonly id: string;
  readonly organization: string;
  readonly request_id: string;
  readonly state: string;
  readonly model: string;
  readonly project: string | null;
  readonly made_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
  readonly body: unknown;
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
    body: packBig(kept),
  };
}

export function reservationOf({ body }: Pick<ReservationRow, 'body'>): KeptReservation {
  return unpackBig(body) as KeptReservation;
}

/** `dec_…` of `rsv_…`: both are named by one ULID. */
export function decisionIdOf(reservation: string): string {
  return `dec_${reservation.slice(4)}`;
}

/** The admitted decision of a reservation, as it was made. */
export function decisionOf({ reservation, decided, asked }: KeptReservation): Decision {
  const { held, id } = reservation;
  return {
    ...decided,
    id: decisionIdOf(id),
    organization: asked.organization,
    request: asked,
    outcome: 'admitted',
    violated: [],
    held: { requests: 1, tokens: held.tokens, spendFemto: held.femto },
    reservation: id,
  };
}

export function bucketsText(model: ModelStanding): BucketRow['buckets'] {
  return Object.fromEntries(
    [...model.buckets].map(([name, { debt, at, since }]) => [name, [debt.toString(), at, since]]),
  );
}

export function bucketsOf(text: BucketRow['buckets']): Map<LimitName, Bucket> {
  return new Map(
    Object.entries(text).map(([name, [debt, at, since]]) => [
      name as LimitName,
      { debt: BigInt(debt), at, since },
    ]),
  );
}

/** Locks the organizations, in order: two units of work never wait in a circle. Makes the rows that are missing. */
export async function lockOrganizations(
  tx: EntityManager,
  organizations: readonly string[],
): Promise<void> {
  const found = await preparedRows(tx, LOCK, [organizations]);
  if (found.length === organizations.length) return;
  await tx.query(
    `INSERT INTO admission (organization, project)
     SELECT id, '' FROM unnest($1::text[]) AS wanted (id) ORDER BY id ON CONFLICT DO NOTHING`,
    [organizations],
  );
  await preparedRows(tx, LOCK, [organizations]);
}

const LOCK = {
  name: 'quota_lock_organizations',
  text: `SELECT organization FROM admission
  WHERE organization = ANY($1) AND project = '' ORDER BY organization FOR UPDATE`,
};

/** Writes what a unit of work changed, in one statement. */
export async function writeAdmission(
  tx: EntityManager,
  changed: {
    readonly admissions: readonly AdmissionRow[];
    readonly buckets: readonly BucketRow[];
    readonly reservations: readonly ReservationRow[];
    readonly decisions: readonly Decision[];
  },
): Promise<void> {
  const { admissions, buckets, reservations, decisions } = changed;
  if (admissions.length + buckets.length + reservations.length + decisions.length === 0) return;
  const noted = decisions.map(({ id, organization, at, ...rest }) => ({
    id,
    organization,
    at,
    body: packBig({ id, organization, at, ...rest }),
  }));
  await preparedRows(
    tx,
    WRITE,
    [admissions, buckets, reservations, noted].map((one) => JSON.stringify(one)),
  );
}

const WRITE = {
  name: 'quota_write_admission',
  text: `
  WITH money AS (
    INSERT INTO admission SELECT * FROM json_populate_recordset(NULL::admission, $1)
    ON CONFLICT (organization, project) DO UPDATE SET month = excluded.month, spent = excluded.spent,
      mark = excluded.mark, held = excluded.held, unconfirmed = excluded.unconfirmed,
      credit = excluded.credit, next_expiry = excluded.next_expiry, blocked = excluded.blocked),
  filled AS (
    INSERT INTO admission_bucket SELECT * FROM json_populate_recordset(NULL::admission_bucket, $2)
    ON CONFLICT (organization, project, model) DO UPDATE SET buckets = excluded.buckets,
      excess_until = excluded.excess_until, generation = excluded.generation),
  held AS (
    INSERT INTO reservation SELECT * FROM json_populate_recordset(NULL::reservation, $3)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at,
      ended_at = excluded.ended_at, body = excluded.body)
  INSERT INTO decision SELECT * FROM json_populate_recordset(NULL::decision, $4)`,
};
