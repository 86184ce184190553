// The wiring of the control plane: account facts, keys and catalog versions go into tables and outbox in one transaction, and
// from there to the log.
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { accountFold } from '#libs/accounts/accounts-projection.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { catalogFold } from '#libs/catalog/catalog-projection.js';
import { IdempotencyInterceptor } from '#libs/http/idempotency.js';
import { Readiness } from '#libs/http/readiness.js';
import type { EventLog } from '#libs/log/event-log.js';
import type { Clock } from '#libs/time/instant.js';
import { OutboxReactor } from './consumers/outbox.reactor.js';
import {
  ApiKeyDesk,
  OrganizationKeysController,
  UnboundKeysController,
} from './http/api-keys.controller.js';
import { CatalogBodies } from './http/catalog-body.js';
import { CatalogController } from './http/catalog.controller.js';
import { CurrentKeyController } from './http/current-key.controller.js';
import { OrganizationTaxController } from './http/organizations-tax.controller.js';
import { OrganizationTermsController } from './http/organizations-terms.controller.js';
import { OrganizationsController, OrganizationViews } from './http/organizations.controller.js';
import { AccountCommands } from './store/account-commands.js';
import { CatalogCommands } from './store/catalog-commands.js';
import { FactPositions } from './store/fact-positions.js';
import { FactRecorder } from './store/fact-recorder.js';
import { OutboxStore } from './store/outbox.store.js';

export interface ControlPlaneParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an answer waits for its fact to be in the log; 5 s when absent. */
  readonly factWaitMs?: number;
}

@Module({})
export class ControlPlaneModule {
  static with(parts: ControlPlaneParts): DynamicModule {
    return {
      module: ControlPlaneModule,
      controllers: [
        OrganizationsController,
        OrganizationTermsController,
        OrganizationTaxController,
        OrganizationKeysController,
        UnboundKeysController,
        CatalogController,
        CurrentKeyController,
      ],
      providers: providers(parts),
      exports: [OutboxReactor, Readiness],
    };
  }
}

function providers({ log, source, clock, logger, factWaitMs }: ControlPlaneParts): Provider[] {
  const accounts = new AccountStore(source);
  const catalogs = new CatalogStore(source);
  const outbox = new OutboxStore(source);
  const recorder = new FactRecorder(source, outbox, clock);
  const commands = new AccountCommands(recorder, accounts, catalogs);
  const positions = new FactPositions(outbox, factWaitMs);
  const folds = [accountFold(accounts), catalogFold(catalogs)];
  const relay = new OutboxReactor({ log, source, outbox, folds, logger });
  return [
    CatalogBodies,
    {
      provide: APP_INTERCEPTOR,
      inject: [Reflector],
      useFactory: (reflector: Reflector) => new IdempotencyInterceptor(reflector, source),
    },
    { provide: AccountStore, useValue: accounts },
    { provide: AccountCommands, useValue: commands },
    { provide: CatalogCommands, useValue: new CatalogCommands(recorder, catalogs, accounts) },
    { provide: FactPositions, useValue: positions },
    { provide: ApiKeyDesk, useValue: new ApiKeyDesk(commands, positions) },
    { provide: OrganizationViews, useValue: new OrganizationViews(accounts, clock) },
    { provide: OutboxReactor, useValue: relay },
    { provide: Readiness, useValue: { reasons: async () => relay.troubles() } },
  ];
}
