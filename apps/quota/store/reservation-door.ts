// What the doors ask about reservations, whoever calls: over HTTP and over gRPC alike.
import type { Clock } from '#libs/time/instant.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { ReservationRequest } from '../domain/decision.js';
import type { KeptReservation } from './admission-rows.js';
import type { Admissions } from './admissions.js';
import type { Command, Outcome } from './admission-commands.js';
import type { QuotaMeters } from './quota-meters.js';
import type { TermsStore } from './terms.store.js';

type Change = Exclude<Command, { kind: 'reserve' }>;

export class ReservationDoor {
  constructor(
    private readonly admissions: Admissions,
    private readonly termsStore: TermsStore,
    private readonly meters: QuotaMeters,
    private readonly clock: Clock,
  ) {}

  now(): number {
    return this.clock();
  }

  /** Decides a request; `ulid` names the decision and the reservation. */
  async reserve(request: ReservationRequest, ulid: string): Promise<Outcome> {
    const outcome = await this.admissions.do({ kind: 'reserve', request, ulid });
    if (outcome.kind === 'done' && !outcome.isReplayed)
      this.meters.decisions.inc({ outcome: 'admitted', mode: 'database' });
    if (outcome.kind === 'refused')
      this.meters.decisions.inc({ outcome: 'refused', mode: 'database' });
    return outcome;
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
