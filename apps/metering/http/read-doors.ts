// What metering's module needs to answer questions: the controllers, and what they are given.
import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { EventLog } from '#libs/log/event-log.js';
import type { Clock } from '#libs/time/instant.js';
import { CompletionsQueryStore } from '../store/completions-query.store.js';
import { EventQueryStore } from '../store/event-query.store.js';
import { InvoiceLines } from '../store/invoice-lines.js';
import { RejectedQueryStore } from '../store/rejected-query.store.js';
import { SequenceQueryStore } from '../store/sequence-query.store.js';
import { SuspenseQueryStore } from '../store/suspense-query.store.js';
import { UsageQueryStore } from '../store/usage-query.store.js';
import { CompletionsController } from './completions.controller.js';
import { EventsController } from './events.controller.js';
import { RejectedController } from './rejected.controller.js';
import { SequenceGapsController } from './sequence-gaps.controller.js';
import { SuspenseController } from './suspense.controller.js';
import { UsageController } from './usage.controller.js';

export const READ_CONTROLLERS: Type[] = [
  UsageController,
  CompletionsController,
  EventsController,
  RejectedController,
  SequenceGapsController,
  SuspenseController,
];

/** Beside these the controllers need `PositionStore` and the guard's providers. `source` is HTTP's own pool. */
export function readProviders(parts: {
  readonly source: DataSource;
  readonly log: EventLog;
  readonly clock: Clock;
  /** Invoicing's base URL and a key for its `ops` routes. */
  readonly invoicing?: { readonly url: string | undefined; readonly key: string };
}): Provider[] {
  const { source, log, clock, invoicing } = parts;
  const invoiceLines = new InvoiceLines(invoicing?.url, invoicing?.key ?? '');
  const accounts = new AccountStore(source);
  const catalogs = new CatalogStore(source);
  const usage = new UsageQueryStore(source);
  return [
    { provide: InvoiceLines, useValue: invoiceLines },
    { provide: UsageQueryStore, useValue: usage },
    { provide: CompletionsQueryStore, useValue: new CompletionsQueryStore(usage, clock) },
    { provide: SequenceQueryStore, useValue: new SequenceQueryStore(source) },
    {
      provide: SuspenseQueryStore,
      useValue: new SuspenseQueryStore({ source, accounts, catalogs }),
    },
    { provide: RejectedQueryStore, useValue: new RejectedQueryStore(source) },
    {
      provide: EventQueryStore,
      useValue: new EventQueryStore({ source, log, accounts, catalogs }),
    },
  ];
}
