// What the doors ask about reservations, whoever calls: over HTTP and over gRPC alike.
import { isDatabaseAway } from '#libs/http/database-away.js';
import type { Clock } from '#libs/time/instant.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { ReservationRequest } from '../domain/decision.js';
import type { KeptReservation } from './kept-reservation.js';
import type { Admissions } from './admissions.js';
import type { Command, Outcome } from './admission-commands.js';
import type { LocalLease } from './local-lease.js';
import type { QuotaMeters } from './quota-meters.js';
import type { TermsStore } from './terms.store.js';

type Change = Exclude<Command, { kind: 'reserve' }>;

/** After the database failed, leases are given without asking it for so long. */
const ASK_AGAIN_MS = 1_000;

export class ReservationDoor {
  #awayUntil = 0;

  constructor(
    private readonly admissions: Admissions,
    private readonly termsStore: TermsStore,
    private readonly lease: LocalLease,
    private readonly meters: QuotaMeters,
    private readonly clock: Clock,
  ) {}

  now(): number {
    return this.clock();
  }

  /** Decides a request; `ulid` names the decision and the reservation. */
  async reserve(request: ReservationRequest, ulid: string): Promise<Outcome> {
    const outcome = await this.decided(request, ulid);
    const isLeased = outcome.kind === 'done' && outcome.kept.decided.leased;
    if (!isLeased) this.lease.checked(request.organization, this.clock());
    if (outcome.kind === 'done' && !outcome.isReplayed && !outcome.kept.decided.leased)
      this.meters.decisions.inc({ outcome: 'admitted', mode: 'database' });
    if (outcome.kind === 'refused')
      this.meters.decisions.inc({ outcome: 'refused', mode: 'database' });
    return outcome;
  }

  /** Writes down what was admitted while the database was away; false while it still is. */
  async reconcile(): Promise<boolean> {
    const unwritten = this.lease.unwritten();
    if (unwritten.length === 0) return true;
    try {
      await this.admissions.store.adopt(unwritten, this.clock());
      this.lease.close(unwritten);
      this.#awayUntil = 0;
      return true;
    } catch (error) {
      if (isDatabaseAway(error)) return false;
      throw error;
    }
  }

  private async decided(request: ReservationRequest, ulid: string): Promise<Outcome> {
    const known = performance.now() < this.#awayUntil ? this.leased(request, ulid) : undefined;
    if (known) return known;
    try {
      return await this.admissions.do({ kind: 'reserve', request, ulid });
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      this.#awayUntil = performance.now() + ASK_AGAIN_MS;
      const leased = this.leased(request, ulid);
      if (leased) return leased;
      this.meters.closed.inc();
      throw error;
    }
  }

  private leased(request: ReservationRequest, ulid: string): Outcome | undefined {
    const kept = this.lease.admit(request, ulid, this.clock());
    if (!kept) return undefined;
    this.meters.decisions.inc({ outcome: 'admitted', mode: 'lease' });
    return { kind: 'done', kept, isReplayed: kept.reservation.id !== `rsv_${ulid}` };
  }

  /** Extends, settles or releases; with a bound caller only its own organization's reservations are known. */
  async change(bound: string | null, command: Change): Promise<Outcome> {
    if (bound !== null && !(await this.find(bound, command.id)))
      return { kind: 'unknown_reservation' };
    return this.admissions.do(command);
  }

  /** A reservation as it is kept; undefined for an unknown one and for another organization's. */
  async find(bound: string | null, id: string): Promise<KeptReservation | undefined> {
    const kept = await this.admissions.store.find(id);
    return bound === null || kept?.reservation.request.organization === bound ? kept : undefined;
  }

  async terms(organization: string): Promise<Terms | undefined> {
    const { terms } = this.admissions.store.stores;
    return terms.remembered(organization) ?? (await this.termsStore.find(organization));
  }
}
