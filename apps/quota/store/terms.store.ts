// The terms of organizations: their account and the published catalogs, out of quota's own read models.
import type { EntityManager } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { Terms } from '#libs/rating/price-book.js';

export class TermsStore {
  constructor(
    private readonly accounts: AccountStore,
    private readonly catalogs: CatalogStore,
  ) {}

  /** undefined: the organization is not registered. */
  async find(organization: string): Promise<Terms | undefined> {
    const account = await this.accounts.find(organization);
    return account && { account, catalogs: await this.catalogs.versions() };
  }

  /** The terms of those that are registered; accounts as the transaction sees them. */
  async findMany(
    tx: EntityManager,
    organizations: readonly string[],
  ): Promise<ReadonlyMap<string, Terms>> {
    const accounts = await this.accounts.findMany(organizations, tx);
    // Outside the transaction, which keeps parsed versions in memory: the gate has seen them committed.
    const catalogs = await this.catalogs.versions();
    return new Map([...accounts].map(([id, account]) => [id, { account, catalogs }]));
  }
}
