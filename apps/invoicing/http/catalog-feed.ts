// What each published version changed, for whoever follows the catalog.
import { Injectable } from '@nestjs/common';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { type CatalogChange, catalogChanges } from '#libs/rating/catalog-changes.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';

/** A version's changes against the one that it follows in time. */
export interface VersionChanges {
  /** null for the first version, which changes nothing. */
  readonly follows: string | null;
  readonly changes: readonly CatalogChange[];
}

@Injectable()
export class CatalogFeed {
  // A version follows the same one for good: later ones begin after all that are published.
  readonly #known = new Map<string, VersionChanges>();

  constructor(private readonly catalogs: CatalogStore) {}

  /** By version. A document is read once: comparing two of the greatest size takes a second of one core. */
  async changes(): Promise<ReadonlyMap<string, VersionChanges>> {
    const listed = await this.catalogs.list();
    let before: string | null = null;
    for (const { version } of listed) {
      if (!this.#known.has(version)) this.#known.set(version, await this.between(before, version));
      before = version;
    }
    return this.#known;
  }

  private async between(follows: string | null, version: string): Promise<VersionChanges> {
    if (follows === null) return { follows, changes: [] };
    const [before, after] = [await this.document(follows), await this.document(version)];
    return { follows, changes: catalogChanges(before, after) };
  }

  private async document(version: string): Promise<unknown> {
    const published = await this.catalogs.document(version);
    if (!published) throw new RangeError(`catalog ${version} was listed and is gone`);
    const parsed = parseCatalogText(published.bytes.toString('utf8'), published.mediaType);
    // What cannot be parsed was refused when it was folded.
    return 'document' in parsed ? parsed.document : undefined;
  }
}
