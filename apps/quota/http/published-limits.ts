// The public document as it is served: its view of the catalog, signed, with an entity tag. Made once per version in force.
import { createHash } from 'node:crypto';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { type CatalogChange, catalogChanges } from '#libs/rating/catalog-changes.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { catalogAt } from '#libs/rating/price-book.js';
import type { Clock } from '#libs/time/instant.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { SigningKeyStore } from '../store/signing-key.store.js';
import {
  catalogView,
  inferenceLimitsView,
  type PublishedVersion,
} from './inference-limits.view.js';

export interface SignedDocument {
  readonly body: Record<string, unknown>;
  /** With its quotes: SHA-256 of the canonical text, the signature left out. */
  readonly etag: string;
}

export interface VersionChanges extends PublishedVersion {
  /** Against the version before it by time of effect; of the first one everything is new. */
  readonly changes: readonly CatalogChange[];
}

interface Made {
  readonly versions: readonly Catalog[];
  readonly documents: Map<string, Promise<SignedDocument>>;
}

export class PublishedLimits {
  #made: Made | undefined;

  constructor(
    private readonly catalogs: CatalogStore,
    readonly keys: SigningKeyStore,
    private readonly clock: Clock,
  ) {}

  /** The signed document of the version in force at an instant (now); undefined before the first was published. */
  async at(instant = this.clock()): Promise<SignedDocument | undefined> {
    const versions = await this.catalogs.versions();
    const inForce = catalogAt(versions, instant);
    if (!inForce) return undefined;
    if (this.#made?.versions !== versions) this.#made = { versions, documents: new Map() };
    const { documents } = this.#made;
    const known = documents.get(inForce.version);
    if (known) return known;
    const making = this.make(inForce);
    documents.set(inForce.version, making);
    // What failed is tried again.
    making.catch(() => documents.delete(inForce.version));
    return making;
  }

  /** What each version changed, in the order in which they were published. */
  async changes(): Promise<VersionChanges[]> {
    const [catalogs, listed] = await Promise.all([this.catalogs.versions(), this.catalogs.list()]);
    const views = catalogs.map((catalog) => ({ version: catalog.version, view: viewOf(catalog) }));
    return listed
      .toSorted((left, right) => left.recordedAt - right.recordedAt)
      .map(({ version, effectiveFrom, recordedAt }) => {
        const index = views.findIndex((one) => one.version === version);
        const changes = catalogChanges(views[index - 1]?.view, views[index]?.view);
        return { version, effectiveFrom, recordedAt, changes };
      });
  }

  private async make(inForce: Catalog): Promise<SignedDocument> {
    const view = inferenceLimitsView(inForce, await this.catalogs.list());
    const text = Buffer.from(canonicalJson(view));
    const { keyId, signature } = await this.keys.sign(text);
    return {
      body: {
        ...view,
        signature: {
          algorithm: 'Ed25519',
          key_id: keyId,
          covers: 'RFC 8785 canonical JSON of this document without the member signature',
          value: signature.toString('base64url'),
        },
      },
      etag: `"${createHash('sha256').update(text).digest('base64url')}"`,
    };
  }
}

function viewOf(catalog: Catalog): Record<string, unknown> {
  return { currency: catalog.currency, ...catalogView(catalog) };
}
