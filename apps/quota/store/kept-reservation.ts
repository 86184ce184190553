// An admitted reservation as it is kept, and its row.
import type { Decision } from '../domain/decision.js';
import type { Reservation } from '../domain/reservation.js';

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
  readonly made_at: number | string;
  readonly expires_at: number | string;
  readonly ended_at: number | string | null;
  readonly body: string;
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
