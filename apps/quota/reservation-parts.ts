// What reservations need: the store, its one door, the sweep, and the relay of quota.events.
import type { Provider } from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { QUOTA_EVENTS } from '#libs/events/topics.js';
import { IdempotencyInterceptor } from '#libs/http/idempotency.js';
import { AnnouncementRelay } from '#libs/outbox/announcement-relay.js';
import { ExpiryReactor } from './consumers/expiry.reactor.js';
import type { QuotaParts } from './consumers/quota-runners.js';
import { admissionOf } from './store/admission-of.js';
import { AdmissionStore } from './store/admission.store.js';
import { Admissions } from './store/admissions.js';
import { parseLeasePolicies } from './domain/lease.js';
import { DecisionStore } from './store/decision.store.js';
import { LocalLease } from './store/local-lease.js';
import { QuotaMeters } from './store/quota-meters.js';
import { ReservationDoor } from './store/reservation-door.js';
import type { TermsStore } from './store/terms.store.js';

export interface ReservationStores {
  readonly terms: TermsStore;
}

/** Providers of the reservation routes and of what runs behind them. */
export function reservationParts(parts: QuotaParts, stores: ReservationStores): Provider[] {
  const { source, clock, logger, log, metrics } = parts;
  const meters = new QuotaMeters(metrics);
  const store = admissionOf(parts);
  const { terms } = store.stores;
  const admissions = new Admissions(store, clock, meters);
  const lease = new LocalLease(terms, parseLeasePolicies(parts.failOpen ?? ''));
  const door = new ReservationDoor(admissions, stores.terms, lease, meters, clock);
  const relay = new AnnouncementRelay({ log, source, topics: [QUOTA_EVENTS], logger });
  const onceOnly = (reflector: Reflector): IdempotencyInterceptor =>
    new IdempotencyInterceptor(reflector, source);
  return [
    { provide: AdmissionStore, useValue: store },
    { provide: DecisionStore, useValue: new DecisionStore(source) },
    { provide: ReservationDoor, useValue: door },
    {
      provide: ExpiryReactor,
      useValue: new ExpiryReactor({ store, door, clock, logger, meters }),
    },
    { provide: AnnouncementRelay, useValue: relay },
    { provide: APP_INTERCEPTOR, useFactory: onceOnly, inject: [Reflector] },
  ];
}
