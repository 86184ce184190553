// The usage totals of a service that keeps usage hours by libs/usage: quota and invoicing, each out of its own database.
import type { DataSource, EntityManager } from 'typeorm';
import type { AccountStore } from '../accounts/account.store.js';
import type { CatalogStore } from '../catalog/catalog.store.js';
import type { PositionStore } from '../projection/position-store.js';
import { rateMonth } from '../rating/rate-month.js';
import type { Period } from '../time/month.js';
import { allQuantities, type ReaderTotals } from '../rating/reader-totals.js';
import type { UsageHourStore } from './usage-hour-store.js';
import { UsageTotals } from './usage-totals.controller.js';

export interface UsageHourTotalsParts {
  readonly source: DataSource;
  readonly hours: UsageHourStore;
  readonly positions: PositionStore;
  /** The month's spend as the service itself would tell it, in the same snapshot; null for an unknown organization. */
  readonly spentIn: (
    tx: EntityManager,
    organization: string,
    period: Period,
  ) => Promise<bigint | null>;
}

export interface RatingStores {
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
}

/** The month rated by its prices, as the limiter's spend and the invoice's draft are. */
export function ratedSpend({
  accounts,
  catalogs,
  hours,
}: RatingStores): UsageHourTotalsParts['spentIn'] {
  return async (tx, organization, period) => {
    const account = await accounts.find(organization, tx);
    if (!account) return null;
    const terms = { account, catalogs: await catalogs.versions(tx) };
    const rows = await hours.rowsOf(organization, period, tx);
    return rateMonth({ terms, period, rows }).spentFemto;
  };
}

export class UsageHourTotals extends UsageTotals {
  constructor(private readonly parts: UsageHourTotalsParts) {
    super();
  }

  override async read(organization: string, period: Period): Promise<ReaderTotals> {
    const { source, hours, positions, spentIn } = this.parts;
    return source.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      const totals = await hours.totalsOf(organization, period, tx);
      let [a, b] = [0n, 0n];
      for (const { digestA, digestB } of totals) [a, b] = [a + digestA, b + digestB];
      return {
        requests: totals.find(({ quantity }) => quantity === 'requests')?.units ?? 0n,
        quantities: allQuantities(totals.map(({ quantity, units }) => [quantity, units])),
        digest: [BigInt.asUintN(64, a), BigInt.asUintN(64, b)],
        spentFemto: await spentIn(tx, organization, period),
        positions: await positions.positionsIn(tx),
      };
    });
  }
}
