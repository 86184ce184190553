// What an organization was charged, day by day: its months' documents spread over the usage of their hours.
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { termsAt } from '#libs/rating/price-book.js';
import { type Period, monthOf } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { type Cost, costsOf } from '../domain/costs.js';
import type { MonthDocuments } from './month-document.js';

export interface CostsStores {
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly documents: MonthDocuments;
}

export class CostsStore {
  constructor(private readonly stores: CostsStores) {}

  /** The currency of an organization; undefined when it is not registered. */
  async currencyOf(organization: string): Promise<string | undefined> {
    const account = await this.stores.accounts.find(organization);
    return account?.profile.currency;
  }

  /** The costs of the days of [from, to); each whole month sums to its invoice's or draft's subtotal. */
  async between(organization: string, { from, to }: Period): Promise<Cost[]> {
    const costs: Cost[] = [];
    for (let at = from; at < to; at = monthOf(at).to)
      costs.push(...(await this.ofMonth(organization, monthOf(at))));
    return costs.filter(({ day }) => day >= from && day < to);
  }

  private async ofMonth(organization: string, period: Period): Promise<Cost[]> {
    const { accounts, catalogs, hours, documents } = this.stores;
    const account = await accounts.find(organization);
    const document = await documents.find(organization, period);
    if (!account || !document) return [];
    const terms = { account, catalogs: await catalogs.versions() };
    const isFree = (at: number): boolean => termsAt(terms, at)?.tier.usage === 'free';
    const rows = await hours.rowsByProject(organization, period);
    return costsOf({ period, lines: document.lines, rows, isFree });
  }
}
