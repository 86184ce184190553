// Publishing a catalog version: the document's form, its place after what is published, and what it changes.
import type { AccountStore } from '#libs/accounts/account.store.js';
import { catalogFold } from '#libs/catalog/catalog-projection.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { type CatalogFact, encodeCatalogFact } from '#libs/events/catalog-fact.js';
import { Problem } from '#libs/http/problem.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import { type CatalogChange, catalogChanges } from '#libs/rating/catalog-changes.js';
import {
  catalogCurrencyFaults,
  catalogTimeFaults,
  droppedTierFaults,
} from '../domain/decide-catalog.js';
import type { RequestKey } from './account-commands.js';
import type { Deciding, FactRecorder, FactWriter } from './fact-recorder.js';
import { catalogFaults, invalidCatalog, type SentDocument } from './catalog-faults.js';

export interface Publication {
  readonly catalog: Catalog;
  readonly changes: readonly CatalogChange[];
  readonly topic: string;
  /** null after a dry run. */
  readonly factId: number | null;
}

interface Checked {
  readonly catalog: Catalog;
  readonly changes: readonly CatalogChange[];
}

export class CatalogCommands {
  readonly #writer: FactWriter<CatalogFact>;

  constructor(
    private readonly recorder: FactRecorder,
    private readonly catalogs: CatalogStore,
    private readonly accounts: AccountStore,
  ) {
    this.#writer = {
      ...catalogFold(catalogs),
      encode: encodeCatalogFact,
      keyOf: (fact) => fact.catalogVersion,
    };
  }

  /**
   * Publishes a version, or only checks it. Problem 422 `invalid_catalog` names every fault with its line, 409 `version_exists` a
   * version that was published.
   */
  async publish(sent: SentDocument, dryRun: boolean, request: RequestKey): Promise<Publication> {
    const parsed = parseCatalogText(sent.bytes.toString('utf8'), sent.mediaType);
    if ('problems' in parsed) throw invalidCatalog(parsed.problems);
    const { catalog, document } = parsed;
    let result: (Checked & { factId: number | null }) | undefined;
    const made = await this.recorder.record(this.#writer, request, async (deciding) => {
      const { earlier, now } = deciding;
      const isRepeat = earlier?.fact.catalogVersion === catalog.version;
      const changes = await this.changes(deciding, catalog, document);
      result = { catalog, changes, factId: isRepeat ? earlier.factId : null };
      if (isRepeat) return [];
      await this.check(deciding, catalog, sent);
      if (dryRun) return [];
      return [
        {
          catalogVersion: catalog.version,
          effectiveFrom: catalog.effectiveFrom,
          mediaType: sent.mediaType,
          document: sent.bytes,
          recordedAt: now,
        },
      ];
    });
    const checked = result as Checked & { factId: number | null };
    return { ...checked, topic: this.#writer.topic, factId: made[0]?.factId ?? checked.factId };
  }

  private async check(
    { tx, now }: Deciding<CatalogFact>,
    catalog: Catalog,
    sent: SentDocument,
  ): Promise<void> {
    if (await this.catalogs.document(catalog.version, tx))
      throw new Problem(
        409,
        'version_exists',
        `Catalog version ${catalog.version} is published; versions never change.`,
      );
    const published = await this.catalogs.versions(tx);
    const faults = [
      ...catalogTimeFaults(now, published, catalog),
      ...catalogCurrencyFaults(published, catalog),
      ...droppedTierFaults(
        await this.accounts.tiersFrom(catalog.effectiveFrom, tx),
        published,
        catalog,
      ),
    ];
    if (faults.length > 0) throw invalidCatalog(catalogFaults(faults, sent));
  }

  // Against the version that this one follows in time.
  private async changes(
    { tx }: Deciding<CatalogFact>,
    catalog: Catalog,
    document: unknown,
  ): Promise<readonly CatalogChange[]> {
    const before = (await this.catalogs.versions(tx)).findLast(
      ({ version, effectiveFrom }) =>
        version !== catalog.version && effectiveFrom < catalog.effectiveFrom,
    );
    const published = before && (await this.catalogs.document(before.version, tx));
    if (!published) return catalogChanges(undefined, document);
    const parsed = parseCatalogText(published.bytes.toString('utf8'), published.mediaType);
    return catalogChanges('document' in parsed ? parsed.document : undefined, document);
  }
}
