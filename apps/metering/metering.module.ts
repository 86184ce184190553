// The wiring of metering: what was used, counted once. Read it to see every part.
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { AccountStore } from '#libs/accounts/account.store.js';
import { StoredKeyDirectory } from '#libs/accounts/stored-key-directory.js';
import { ACCOUNTS, CATALOG, USAGE_RECORDED, USAGE_REJECTED } from '#libs/events/topics.js';
import { authProviders } from '#libs/http/auth.js';
import { KeyDirectory } from '#libs/http/keys.js';
import { Readiness } from '#libs/http/readiness.js';
import { OpsController, opsProviders } from '#libs/projection/ops.controller.js';
import { PositionStore } from '#libs/projection/position-store.js';
import type { ProjectionServer } from '#libs/projection/projection-server.js';
import { UsageTotals, UsageTotalsController } from '#libs/usage/usage-totals.controller.js';
import type { MeteringParts } from './consumers/metering-runners.js';
import { REJECTED_PROJECTION } from './consumers/rejected.projection.js';
import { USAGE_PROJECTION } from './consumers/usage.projection.js';
import { READ_CONTROLLERS, readProviders } from './http/read-doors.js';
import { IdentityStore } from './store/identity.store.js';
import { Maintenance } from './store/maintenance.js';
import { MeteredTotals } from './store/metered-totals.store.js';

@Module({})
export class MeteringModule {
  static with(parts: MeteringParts, server: ProjectionServer): DynamicModule {
    const { source, clock } = parts;
    const accounts = new AccountStore(source);
    const streams = [
      { projection: USAGE_PROJECTION, topic: USAGE_RECORDED },
      { projection: REJECTED_PROJECTION, topic: USAGE_REJECTED },
      { projection: 'metering.accounts', topic: ACCOUNTS },
      { projection: 'metering.catalog', topic: CATALOG },
    ];
    const positions = new PositionStore(source, streams, clock);
    const upkeep = new Maintenance({ ...parts, identities: new IdentityStore(source) });
    return {
      module: MeteringModule,
      controllers: [...READ_CONTROLLERS, UsageTotalsController, OpsController],
      providers: [
        ...authProviders(parts.adminKey, clock),
        ...opsProviders(parts),
        ...readProviders({
          ...parts,
          invoicing: { url: parts.invoicingUrl, key: parts.adminKey },
        }),
        { provide: KeyDirectory, useValue: new StoredKeyDirectory(accounts) },
        { provide: PositionStore, useValue: positions },
        { provide: UsageTotals, useValue: new MeteredTotals(source, positions) },
        { provide: Readiness, useValue: { reasons: async () => server.reasonsNotReady() } },
        { provide: Maintenance, useValue: upkeep },
      ],
    };
  }
}
