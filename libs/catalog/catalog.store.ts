// Published catalog versions as a service knows them. Rows never change, so parsed versions are kept in memory and only
// versions with a higher fact id are read again.
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '../database/database.js';
import type { CatalogFact, CatalogMediaType } from '../events/catalog-fact.js';
import { PartitionHalt } from '../projection/projection.js';
import type { Catalog } from '../rating/catalog.js';
import { catalogAt } from '../rating/price-book.js';
import { parsePublished } from './published-catalog.js';

export interface ListedVersion {
  readonly version: string;
  readonly effectiveFrom: number;
  readonly mediaType: CatalogMediaType;
  /** When it was published, epoch ms. */
  readonly recordedAt: number;
  /** SHA-256 of the published bytes, hex. */
  readonly etag: string;
}

export interface PublishedDocument extends ListedVersion {
  /** The very bytes that were published. */
  readonly bytes: Buffer;
}

interface VersionRow {
  version: string;
  effective_from: string;
  media_type: CatalogMediaType;
  recorded_at: string;
  etag: string;
}

interface Parsed {
  readonly factId: number;
  readonly catalog: Catalog;
}

const LISTED = 'version, effective_from, media_type, recorded_at, etag';

export class CatalogStore {
  #parsed: readonly Parsed[] = [];
  #ordered: readonly Catalog[] = [];

  constructor(private readonly source: DataSource) {}

  /**
   * All versions, parsed, in order of `effectiveFrom`; one small query when nothing new was published. With a transaction exactly
   * those that it sees: its snapshot may be older than what is in memory, and what it added may be rolled back.
   */
  async versions(tx?: EntityManager): Promise<readonly Catalog[]> {
    const kept = this.#parsed;
    const last = kept.at(-1)?.factId ?? 0;
    const found = await rows<{ document: Buffer; media_type: CatalogMediaType; fact_id: string }>(
      tx ?? this.source,
      `SELECT document, media_type, fact_id FROM catalog_version
       WHERE fact_id > $1 ORDER BY fact_id`,
      [last],
    );
    if (!tx && found.length === 0) return this.#ordered;
    const seen = tx && found.length === 0 ? await lastSeen(tx) : last;
    const all = [
      ...kept.filter(({ factId }) => factId <= seen),
      ...found.map((row) => ({
        factId: Number(row.fact_id),
        catalog: parsePublished(row.document, row.media_type),
      })),
    ];
    const ordered = all
      .map(({ catalog }) => catalog)
      .toSorted((left, right) => left.effectiveFrom - right.effectiveFrom);
    if (!tx) [this.#parsed, this.#ordered] = [all, ordered];
    return ordered;
  }

  /** The version in force at an instant (the first also covers all time before); undefined before the first was published. */
  async at(instant: number): Promise<Catalog | undefined> {
    return catalogAt(await this.versions(), instant);
  }

  /** The version with the latest `effectiveFrom`, in force already or not. */
  async newest(tx?: EntityManager): Promise<Catalog | undefined> {
    return (await this.versions(tx)).at(-1);
  }

  /** One published document with its bytes; undefined for an unknown version. */
  async document(version: string, tx?: EntityManager): Promise<PublishedDocument | undefined> {
    const [row] = await rows<VersionRow & { document: Buffer }>(
      tx ?? this.source,
      `SELECT ${LISTED}, document FROM catalog_version WHERE version = $1`,
      [version],
    );
    return row && { ...listed(row), bytes: row.document };
  }

  /** Versions published at or after an instant (all when undefined), in order of `effectiveFrom`. */
  async list(since?: number): Promise<ListedVersion[]> {
    const found = await rows<VersionRow>(
      this.source,
      `SELECT ${LISTED} FROM catalog_version
       WHERE $1::bigint IS NULL OR recorded_at >= $1 ORDER BY effective_from`,
      [since ?? null],
    );
    return found.map(listed);
  }

  /** Adds a published version in the caller's transaction; halts with `undecodable_fact` when the document is another one. */
  async add(tx: EntityManager, fact: CatalogFact, factId: number): Promise<void> {
    const catalog = parsePublished(fact.document, fact.mediaType);
    if (catalog.version !== fact.catalogVersion || catalog.effectiveFrom !== fact.effectiveFrom)
      throw new PartitionHalt(
        'undecodable_fact',
        `catalog fact ${factId} says ${fact.catalogVersion}, its document ${catalog.version}`,
      );
    await tx.query(
      `INSERT INTO catalog_version (${LISTED}, document, fact_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        fact.catalogVersion,
        fact.effectiveFrom,
        fact.mediaType,
        fact.recordedAt,
        createHash('sha256').update(fact.document).digest('hex'),
        fact.document,
        factId,
      ],
    );
  }
}

async function lastSeen(tx: EntityManager): Promise<number> {
  const [row] = await rows<{ last: string }>(
    tx,
    'SELECT coalesce(max(fact_id), 0) AS last FROM catalog_version',
  );
  return Number(row?.last ?? 0);
}

function listed(row: VersionRow): ListedVersion {
  return {
    version: row.version,
    effectiveFrom: Number(row.effective_from),
    mediaType: row.media_type,
    recordedAt: Number(row.recorded_at),
    etag: row.etag,
  };
}
