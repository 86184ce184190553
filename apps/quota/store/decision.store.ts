// Decisions as they were made, and what had filled the buckets that refused.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { LIMIT_LAWS } from '#libs/rating/bucket.js';
import type { Contributor, Decision } from '../domain/decision.js';
import { decisionOf, type ReservationRow } from './kept-reservation.js';
import { unpackBig } from './big-json.js';
import { reservationOf } from './reservation-text.js';

/** Contributors named at most; the largest. */
const MOST = 50;

export class DecisionStore {
  constructor(private readonly source: DataSource) {}

  /** undefined for an unknown decision; refusals are kept for 30 days, admissions as long as their reservation. */
  async find(id: string): Promise<Decision | undefined> {
    const [refused] = await rows<{ body: unknown }>(
      this.source,
      'SELECT body FROM decision WHERE id = $1',
      [id],
    );
    if (refused) return unpackBig(refused.body) as Decision;
    const [admitted] = await rows<ReservationRow>(
      this.source,
      'SELECT * FROM reservation WHERE id = $1',
      [id.replace(/^dec_/, 'rsv_')],
    );
    return admitted && decisionOf(reservationOf(admitted));
  }

  /**
   * Reservations and events that were in the buckets of the model when a decision refused, within the longest window of the limits
   * in the way; the largest first. [] when no bucket was in the way.
   */
  async contributors(decision: Decision): Promise<Contributor[]> {
    const windows = decision.violated.flatMap(({ name }) =>
      name === 'spend_limit' || name === 'credit' ? [] : [LIMIT_LAWS[name].windowSeconds],
    );
    if (windows.length === 0) return [];
    const { organization, at } = decision;
    const since = at - Math.max(...windows) * 1_000;
    const names = [organization, decision.request.model, since, at];
    const [reserved, used] = await Promise.all([
      rows<ReservationRow>(
        this.source,
        `SELECT * FROM reservation WHERE organization = $1 AND model = $2
           AND made_at > $3 AND made_at <= $4 ORDER BY made_at DESC LIMIT 1000`,
        names,
      ),
      rows<{ event: string; tokens: string; at: string }>(
        this.source,
        `SELECT event, tokens, at FROM recent_use WHERE organization = $1 AND model = $2
           AND at > $3 AND at <= $4 ORDER BY tokens DESC LIMIT ${MOST}`,
        names,
      ),
    ]);
    const held = reserved.map((row): Contributor => {
      const { reservation } = reservationOf(row);
      const { id, madeAt, endedAt, held: worst, booked } = reservation;
      // What it took at the time of the decision: all of it while it was held.
      const tokens = endedAt === null || endedAt > at ? worst.tokens : booked.tokens;
      const { project } = reservation.request;
      return { reservation: id, ...(project !== null && { project }), tokens, at: madeAt };
    });
    const events = used.map(({ event, ...use }): Contributor => ({
      event,
      tokens: BigInt(use.tokens),
      at: Number(use.at),
    }));
    return [...held, ...events]
      .filter(({ tokens }) => tokens > 0n)
      .toSorted((one, other) => Number(other.tokens - one.tokens))
      .slice(0, MOST);
  }
}
