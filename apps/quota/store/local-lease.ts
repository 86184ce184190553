// Admission while the database is away, for tiers that fail open: decided in this process by the same rules, within a lease, from
// terms as they were last known. What was admitted is written down when the database is back.
import { decide } from '../domain/decide.js';
import type { ReservationRequest } from '../domain/decision.js';
import { type LeasePolicies, leaseTerms } from '../domain/lease.js';
import { bookingInstant, newReservation, placeOf } from '../domain/reservation.js';
import { NOTHING, rebook, type Standing } from '../domain/standing.js';
import { isFault } from '../domain/worst-case.js';
import { nameOf } from './admission-commands.js';
import type { KeptReservation } from './kept-reservation.js';
import type { TermsCache } from './terms-cache.js';

/** A hard limit that was set since the terms were checked last would not be known: older terms than these admit nobody. */
const KNOWN_FOR_MS = 600_000;
/** Organizations whose last check is remembered, so that a million of them do not live here. */
const REMEMBERED = 20_000;

export class LocalLease {
  /** When the database last answered a check of an organization, the least recent first. */
  readonly #checked = new Map<string, number>();
  /** When the outage was noticed; undefined: there is none. */
  #awaySince: number | undefined;
  readonly #standings = new Map<string, Standing>();
  readonly #admitted = new Map<string, KeptReservation>();

  constructor(
    private readonly terms: TermsCache,
    private readonly policies: LeasePolicies,
  ) {}

  /** The database answered a check of the organization, by its terms of then: the outage, if there was one, is over. */
  checked(organization: string, at: number): void {
    this.#awaySince = undefined;
    if (this.policies.size === 0) return;
    this.#checked.delete(organization);
    this.#checked.set(organization, at);
    if (this.#checked.size <= REMEMBERED) return;
    const [oldest] = this.#checked.keys();
    if (oldest !== undefined) this.#checked.delete(oldest);
  }

  /** The reservation of an admitted request; undefined: closed, unknown, or the lease is used up. */
  admit(request: ReservationRequest, ulid: string, at: number): KeptReservation | undefined {
    const known = this.#admitted.get(nameOf(request));
    if (known) return known;
    this.#awaySince ??= at;
    const checkedAt = this.#checked.get(request.organization);
    if (checkedAt === undefined || this.#awaySince - checkedAt > KNOWN_FOR_MS) return undefined;
    const remembered = this.terms.remembered(request.organization);
    const terms = remembered && leaseTerms(remembered, request.model, this.policies, at);
    if (!terms) return undefined;
    const before = this.#standings.get(request.organization);
    const standing: Standing = {
      organization: request.organization,
      spend: before?.spend ?? new Map(),
      models: before?.models ?? new Map(),
      terms,
    };
    const decided = decide(standing, { request, at, ulid });
    if (isFault(decided) || decided.decision.reservation === null) return undefined;
    const { decision, worst } = decided;
    const when = { now: at, bookedAt: bookingInstant(standing, request, at) };
    const reservation = newReservation(`rsv_${ulid}`, request, worst, when);
    rebook(standing, placeOf(reservation), NOTHING, reservation.booked);
    this.#standings.set(request.organization, standing);
    const { profile, tier, windows } = decision;
    const decidedThen = { at, profile, tier, windows, leased: true };
    const kept = { reservation, decided: decidedThen, source: null, asked: request };
    this.#admitted.set(nameOf(request), kept);
    return kept;
  }

  /** What was admitted and is not yet written down. */
  unwritten(): readonly KeptReservation[] {
    return [...this.#admitted.values()];
  }

  /** The outage is over and everything is written down: the next one has a lease of its own. */
  close(written: readonly KeptReservation[]): void {
    for (const kept of written) this.#admitted.delete(nameOf(kept.asked));
    if (this.#admitted.size === 0) this.#standings.clear();
  }
}
