// The wiring of invoicing: prices, drafts, billing runs and issued invoices. Read it to see every part.
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { AccountStore } from '#libs/accounts/account.store.js';
import { StoredKeyDirectory } from '#libs/accounts/stored-key-directory.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { authProviders } from '#libs/http/auth.js';
import { IdempotencyInterceptor } from '#libs/http/idempotency.js';
import { KeyDirectory } from '#libs/http/keys.js';
import { Readiness } from '#libs/http/readiness.js';
import { OpsController, opsProviders } from '#libs/projection/ops.controller.js';
import { PositionStore } from '#libs/projection/position-store.js';
import type { ProjectionServer } from '#libs/projection/projection-server.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { BillingRunReactor } from './consumers/billing-run.reactor.js';
import type { InvoicingParts } from './consumers/invoicing-runners.js';
import { SimulationReactor } from './consumers/simulation.reactor.js';
import { BillingClock } from './http/billing-clock.js';
import { BillingRunsController } from './http/billing-runs.controller.js';
import { CatalogFeed } from './http/catalog-feed.js';
import { CatalogController } from './http/catalog.controller.js';
import {
  DOCUMENT_CONTROLLERS,
  documentProviders,
  simulationParts,
  simulationProviders,
} from './http/document-doors.js';
import { InvoiceLists } from './http/invoice-lists.js';
import { InvoicesController } from './http/invoices.controller.js';
import { LIFE_CONTROLLERS, lifeProviders } from './http/life-doors.js';
import { ParkedInvoicesController } from './http/parked-invoices.controller.js';
import { PROOF_CONTROLLERS, proofProviders } from './http/proof-doors.js';
import {
  RECONCILIATION_CONTROLLERS,
  reconciliationProviders,
} from './http/reconciliation-doors.js';
import { UpcomingInvoiceController } from './http/upcoming-invoice.controller.js';
import { BasisStore } from './store/basis.store.js';
import { BillingRunStore } from './store/billing-run.store.js';
import { CreditBurnStore } from './store/credit-burn.store.js';
import { CutStore } from './store/cut.store.js';
import { InvoiceStore } from './store/invoice.store.js';
import { Issuing } from './store/issuing.js';
import { MonthPageStore } from './store/month-page.store.js';
import { PagedRun } from './store/paged-run.js';
import { PageWriter } from './store/page-writer.js';
import { ParkedStore } from './store/parked.store.js';
import { LedgerStore } from './store/ledger.store.js';
import { STREAMS } from './store/projection-names.js';
import { RunSignal } from './store/run-signal.js';
import { WebhooksModule } from './webhooks.module.js';

@Module({})
export class InvoicingModule {
  static with(parts: InvoicingParts, server: ProjectionServer): DynamicModule {
    const { source, clock } = parts;
    const stores = storesOf(parts);
    const whatIf = simulationParts({ source, ...stores });
    const positions = new PositionStore(source, STREAMS, clock);
    const time = new BillingClock(clock, parts.billing.graceHours);
    const useFactory = (reflector: Reflector): IdempotencyInterceptor =>
      new IdempotencyInterceptor(reflector, source);
    const providers: Provider[] = [
      ...authProviders(parts.adminKey, clock),
      ...opsProviders(parts),
      { provide: APP_INTERCEPTOR, useFactory, inject: [Reflector] },
      { provide: KeyDirectory, useValue: new StoredKeyDirectory(stores.accounts) },
      { provide: PositionStore, useValue: positions },
      ...reconciliationProviders({ ...parts, ...stores, positions }),
      { provide: BillingClock, useValue: time },
      { provide: InvoiceLists, useValue: new InvoiceLists({ ...stores, time }) },
      { provide: CatalogStore, useValue: stores.catalogs },
      CatalogFeed,
      { provide: ParkedStore, useValue: stores.parked },
      { provide: InvoiceStore, useValue: stores.invoices },
      { provide: BasisStore, useValue: stores.basis },
      { provide: CutStore, useValue: stores.cuts },
      { provide: BillingRunStore, useValue: stores.runs },
      { provide: RunSignal, useValue: stores.signal },
      ...proofProviders(parts),
      ...documentProviders({ ...parts, ...stores }),
      ...lifeProviders({ ...parts, ...stores }),
      ...simulationProviders(whatIf),
      { provide: SimulationReactor, useValue: new SimulationReactor({ ...parts, ...whatIf }) },
      { provide: BillingRunReactor, useValue: new BillingRunReactor({ ...parts, ...stores }) },
      { provide: Readiness, useValue: { reasons: async () => server.reasonsNotReady() } },
    ];
    const controllers = [
      UpcomingInvoiceController,
      InvoicesController,
      ...LIFE_CONTROLLERS,
      BillingRunsController,
      ParkedInvoicesController,
      CatalogController,
      ...PROOF_CONTROLLERS,
      ...RECONCILIATION_CONTROLLERS,
      OpsController,
      ...DOCUMENT_CONTROLLERS,
    ];
    const imports = [WebhooksModule.with(parts)];
    return { module: InvoicingModule, imports, controllers, providers };
  }
}

/** Every store of the app on the parts' HTTP pool. */
export function storesOf({ source, log, clock, billing }: InvoicingParts) {
  const read = {
    accounts: new AccountStore(source),
    catalogs: new CatalogStore(source),
    hours: new UsageHourStore(source),
    cuts: new CutStore(source, log),
    invoices: new InvoiceStore(source),
    ledger: new LedgerStore(source),
    burns: new CreditBurnStore(source),
    parked: new ParkedStore(source),
  };
  const basis = new BasisStore(source, read);
  const runs = new BillingRunStore(source);
  const pages = new MonthPageStore(source, read);
  const writer = new PageWriter(source, clock, billing);
  return {
    ...read,
    basis,
    issuing: new Issuing(source, { basis, ...read }, clock, billing),
    runs,
    pages,
    paged: new PagedRun({ runs, pages, writer, ...billing }),
    signal: new RunSignal(),
  };
}
