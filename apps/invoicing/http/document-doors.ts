// The parts behind the doors of documents and of what is told out of them.
import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import type { Seller } from '../domain/printed-document.js';
import type { BasisStore } from '../store/basis.store.js';
import { Comparing } from '../store/comparing.js';
import { CreditBalanceStore } from '../store/credit-balance.store.js';
import type { CreditBurnStore } from '../store/credit-burn.store.js';
import { CostsStore } from '../store/costs.store.js';
import { FocusStore } from '../store/focus.store.js';
import type { InvoiceStore } from '../store/invoice.store.js';
import { IssuedNotes } from '../store/issued-notes.js';
import { PriceListStore } from '../store/price-list.store.js';
import { Repricing } from '../store/repricing.js';
import { SimulationAnswerStore } from '../store/simulation-answers.store.js';
import { SimulationStore } from '../store/simulation.store.js';
import { MonthDocuments } from '../store/month-document.js';
import { ComparisonController } from './comparison.controller.js';
import { CostsController } from './costs.controller.js';
import { CreditBalanceController } from './credit-balance.controller.js';
import { DocumentPrinter, UNNAMED_SELLER } from './document-printer.js';
import { FocusController } from './focus.controller.js';
import { PriceListsController } from './price-lists.controller.js';
import { SimulationSignal } from './simulation-signal.js';
import { SimulationsController } from './simulations.controller.js';
import { ListedPricesController } from './listed-prices.controller.js';
import { openPress, PdfPress } from './pdf-press.js';

/** Bytes of a request: LiteLLM's price map is 1.4 MB. */
export const LARGEST_BODY = 5 * 1_048_576;

export const DOCUMENT_CONTROLLERS: Type[] = [
  CostsController,
  CreditBalanceController,
  FocusController,
  SimulationsController,
  ComparisonController,
  PriceListsController,
  ListedPricesController,
];

export interface DocumentParts {
  readonly source: DataSource;
  readonly billing: { readonly seller?: Seller | undefined };
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly basis: BasisStore;
  readonly invoices: InvoiceStore;
  readonly burns: CreditBurnStore;
}

/** The press ends with the app. */
export function documentProviders(parts: DocumentParts): Provider[] {
  const priceLists = new PriceListStore(parts.source);
  const press = openPress();
  const { seller = UNNAMED_SELLER } = parts.billing;
  const documents = new MonthDocuments(parts.basis, parts.invoices);
  return [
    { provide: PdfPress, useValue: press },
    { provide: DocumentPrinter, useValue: new DocumentPrinter(press, seller) },
    { provide: CostsStore, useValue: new CostsStore({ ...parts, documents }) },
    { provide: CreditBalanceStore, useValue: new CreditBalanceStore(parts) },
    { provide: PriceListStore, useValue: priceLists },
    { provide: Comparing, useValue: new Comparing({ ...parts, priceLists }) },
    {
      provide: FocusStore,
      useValue: new FocusStore(parts, seller.name, new IssuedNotes(parts.source)),
    },
  ];
}

/** What answers what-if questions; the reactor (consumers/simulation.reactor.ts) works with the same parts. */
export function simulationParts(
  parts: Pick<DocumentParts, 'source' | 'accounts' | 'catalogs' | 'hours'>,
) {
  return {
    simulations: new SimulationStore(parts.source),
    answers: new SimulationAnswerStore(parts.source),
    repricing: new Repricing(parts),
    signal: new SimulationSignal(),
  };
}

export function simulationProviders(parts: ReturnType<typeof simulationParts>): Provider[] {
  return [
    { provide: SimulationStore, useValue: parts.simulations },
    { provide: SimulationAnswerStore, useValue: parts.answers },
    { provide: SimulationSignal, useValue: parts.signal },
  ];
}
