// Terms in memory, by the fact that made them: a check reads one number per organization instead of its account. Bounded, so that a
// million organizations do not live here.
import type { EntityManager } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { rows } from '#libs/database/database.js';
import type { Catalog } from '#libs/rating/catalog.js';
import type { Terms } from '#libs/rating/price-book.js';

/** Terms and the facts that they were made from, as text: another text, other terms. */
export interface MarkedTerms {
  readonly terms: Terms;
  readonly mark: string;
}

interface Kept extends MarkedTerms {
  readonly factId: string;
}

export class TermsCache {
  readonly #kept = new Map<string, Kept>();
  #catalogs = '';
  #versions: readonly Catalog[] = [];

  constructor(
    private readonly accounts: AccountStore,
    private readonly catalogs: CatalogStore,
    private readonly size = 20_000,
  ) {}

  /** The terms of accounts at the given facts, as the transaction sees them; `catalogs` is the newest catalog fact that it sees. */
  async find(
    tx: EntityManager,
    facts: readonly { readonly id: string; readonly fact_id: string }[],
    catalogs: string,
  ): Promise<ReadonlyMap<string, MarkedTerms>> {
    if (catalogs !== this.#catalogs) {
      this.#versions = await this.catalogs.versions();
      this.#catalogs = catalogs;
    }
    const versions = this.#versions;
    const newest = versions.map(({ version }) => version).join(',');
    // Given as found: what one batch brings in must not push out what the same batch needs.
    const found = new Map<string, MarkedTerms>();
    const stale = facts.filter(({ id, fact_id: factId }) => {
      const kept = this.#kept.get(id);
      if (kept?.factId !== factId || kept.terms.catalogs !== versions) return true;
      this.keep(id, kept);
      found.set(id, kept);
      return false;
    });
    if (stale.length === 0) return found;
    const ids = stale.map(({ id }) => id);
    const accounts = await this.accounts.findMany(ids, tx);
    for (const { id, fact_id: factId } of stale) {
      const account = accounts.get(id);
      if (!account) continue;
      const made = { factId, terms: { account, catalogs: versions }, mark: `${factId}/${newest}` };
      this.keep(id, made);
      found.set(id, made);
    }
    return found;
  }

  /** The same for callers that have not read the facts. */
  async current(
    tx: EntityManager,
    organizations: readonly string[],
  ): Promise<ReadonlyMap<string, MarkedTerms>> {
    const facts = await rows<{ id: string; fact_id: string }>(
      tx,
      'SELECT id, fact_id FROM account WHERE id = ANY($1)',
      [organizations],
    );
    const [newest] = await rows<{ last: string }>(
      tx,
      'SELECT coalesce(max(fact_id), 0)::text AS last FROM catalog_version',
    );
    return this.find(tx, facts, newest?.last ?? '0');
  }

  /** What is remembered of an organization, for when the database is away; possibly old. */
  remembered(organization: string): Terms | undefined {
    return this.#kept.get(organization)?.terms;
  }

  // As used last: those that were not used for longest are forgotten.
  private keep(id: string, kept: Kept): void {
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    if (this.#kept.size <= this.size) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
