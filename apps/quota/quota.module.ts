// The wiring of quota: what an organization may run, what is left and what it costs. Read it to see every part.
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { AccountStore } from '#libs/accounts/account.store.js';
import { StoredKeyDirectory } from '#libs/accounts/stored-key-directory.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { ACCOUNTS, CATALOG, USAGE_METERED } from '#libs/events/topics.js';
import { authProviders } from '#libs/http/auth.js';
import { KeyDirectory } from '#libs/http/keys.js';
import { Readiness } from '#libs/http/readiness.js';
import { OpsController, opsProviders } from '#libs/projection/ops.controller.js';
import { PositionStore } from '#libs/projection/position-store.js';
import type { ProjectionServer } from '#libs/projection/projection-server.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import type { QuotaParts } from './consumers/quota-runners.js';
import { USAGE_PROJECTION } from './consumers/usage.projection.js';
import { Admission } from './grpc/admission.js';
import { DoorAdmission } from './grpc/door-admission.js';
import { RateLimitController } from './grpc/rate-limit.controller.js';
import { ANSWER_CONTROLLERS, answerProviders } from './http/answer-doors.js';
import { ReservationsController } from './http/reservations.controller.js';
import { OrganizationsController } from './http/organizations.controller.js';
import { admissionOf } from './store/admission-of.js';
import { AnswerContexts } from './store/answer-contexts.js';
import { BucketStore } from './store/bucket.store.js';
import { PageLoader } from './store/page-loader.js';
import { QuotaReader } from './store/quota-reader.js';
import { reservationParts } from './reservation-parts.js';
import { ReservationDoor } from './store/reservation-door.js';
import { StandingReader } from './store/standing-reader.js';
import { TermsStore } from './store/terms.store.js';

@Module({})
export class QuotaModule {
  static with(parts: QuotaParts, server: ProjectionServer): DynamicModule {
    const { source, clock } = parts;
    const accounts = new AccountStore(source);
    const catalogs = new CatalogStore(source);
    const stores = {
      terms: new TermsStore(accounts, catalogs),
      hours: new UsageHourStore(source),
      buckets: new BucketStore(source),
      standings: new StandingReader(source, new PageLoader(admissionOf(parts).stores)),
    };
    const reservations = reservationParts(parts, stores);
    const streams = [
      { projection: USAGE_PROJECTION, topic: USAGE_METERED, chain: true },
      { projection: 'quota.accounts', topic: ACCOUNTS },
      { projection: 'quota.catalog', topic: CATALOG },
    ];
    const positions = new PositionStore(source, streams, clock);
    return {
      module: QuotaModule,
      controllers: [
        OrganizationsController,
        ReservationsController,
        ...ANSWER_CONTROLLERS,
        RateLimitController,
        OpsController,
      ],
      providers: [
        ...authProviders(parts.adminKey, clock),
        ...opsProviders(parts),
        { provide: KeyDirectory, useValue: new StoredKeyDirectory(accounts) },
        { provide: PositionStore, useValue: positions },
        { provide: QuotaReader, useValue: new QuotaReader(stores, clock) },
        ...answerProviders({ ...parts, ...stores, accounts, catalogs, positions }),
        ...reservations,
        { provide: Admission, useFactory: admissionBy, inject: [ReservationDoor, AnswerContexts] },
        { provide: Readiness, useValue: { reasons: async () => server.reasonsNotReady() } },
      ],
    };
  }
}

const admissionBy = (door: ReservationDoor, contexts: AnswerContexts): Admission =>
  new DoorAdmission(door, contexts);
