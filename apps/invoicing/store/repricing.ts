// Reprices organizations of a simulation under its draft.
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { Catalog } from '#libs/rating/catalog.js';
import type { Period } from '#libs/time/month.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { whatIf } from '../domain/what-if.js';
import type { Answer } from './simulation-answers.store.js';

export class Repricing {
  constructor(
    private readonly stores: {
      readonly accounts: AccountStore;
      readonly catalogs: CatalogStore;
      readonly hours: UsageHourStore;
    },
  ) {}

  /** The answer about each of them. An account in another currency than the draft is skipped: there is nothing to compare. */
  async answers(
    organizations: readonly string[],
    period: Period,
    draft: Catalog,
  ): Promise<Map<string, Answer>> {
    const accounts = await this.stores.accounts.findMany(organizations);
    const catalogs = await this.stores.catalogs.versions();
    const usage = await this.stores.hours.rowsOfMany(organizations, period);
    const answers = new Map<string, Answer>();
    for (const id of organizations) {
      const account = accounts.get(id);
      if (!account) answers.set(id, { outcome: 'skipped', reason: 'unknown_organization' });
      else if (account.profile.currency !== draft.currency)
        answers.set(id, { outcome: 'skipped', reason: 'other_currency' });
      else {
        const rows = usage.get(id) ?? [];
        answers.set(id, whatIf({ account, catalogs, draft, period, rows }));
      }
    }
    return answers;
  }
}
