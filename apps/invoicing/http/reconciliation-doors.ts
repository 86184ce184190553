// What invoicing's module needs for reconciliation: its own totals, and the way to those of metering and quota.
import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { PositionStore } from '#libs/projection/position-store.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { ratedSpend, UsageHourTotals } from '#libs/usage/usage-hour-totals.js';
import { UsageTotals, UsageTotalsController } from '#libs/usage/usage-totals.controller.js';
import { PeerReaders, type Peers } from '../store/peer-readers.js';
import { Reconciling } from '../store/reconciling.js';
import { ReconciliationController } from './reconciliation.controller.js';

export const RECONCILIATION_CONTROLLERS: Type[] = [ReconciliationController, UsageTotalsController];

export interface ReconciliationParts {
  readonly source: DataSource;
  readonly adminKey: string;
  readonly peers?: Omit<Peers, 'key'> | undefined;
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly positions: PositionStore;
}

/** Peers are asked with the first admin key, which every service has. */
export function reconciliationProviders(parts: ReconciliationParts): Provider[] {
  const totals = new UsageHourTotals({ ...parts, spentIn: ratedSpend(parts) });
  const peers = new PeerReaders({ ...parts.peers, key: parts.adminKey });
  return [
    { provide: UsageTotals, useValue: totals },
    { provide: Reconciling, useValue: new Reconciling(totals, parts.positions, peers) },
  ];
}
