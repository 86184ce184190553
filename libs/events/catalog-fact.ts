// One record of the `catalog` topic: a published version with the very bytes that were published.

export const CATALOG_MEDIA_TYPES = ['application/json', 'application/yaml'] as const;
export type CatalogMediaType = (typeof CATALOG_MEDIA_TYPES)[number];

export interface CatalogFact {
  readonly catalogVersion: string;
  /** Epoch ms, a whole UTC hour. The first version also covers all time before it (design section 5). */
  readonly effectiveFrom: number;
  readonly mediaType: CatalogMediaType;
  readonly document: Buffer;
  /** When ingest took it, epoch ms. */
  readonly recordedAt: number;
}

/** Fact ids count 1, 2, 3 … per topic: a repeat is skipped, a hole is noticed. */
export interface CatalogRecord {
  readonly factId: number;
  readonly fact: CatalogFact;
}

/** The value of the record, its document in base64; the record's key is the version. */
export function encodeCatalogFact({ factId, fact }: CatalogRecord): Buffer {
  return Buffer.from(
    JSON.stringify({
      version: 1,
      fact_id: factId,
      catalog_version: fact.catalogVersion,
      effective_from: fact.effectiveFrom,
      media_type: fact.mediaType,
      document_base64: fact.document.toString('base64'),
      recorded_at: fact.recordedAt,
    }),
  );
}

/** Throws a TypeError or SyntaxError that names the fault when the value is not a catalog fact: the reader halts on it. */
export function decodeCatalogFact(value: Buffer): CatalogRecord {
  const wire = (JSON.parse(value.toString('utf8')) ?? {}) as Record<string, unknown>;
  if (wire['version'] !== 1) throw new TypeError(`catalog fact version ${String(wire['version'])}`);
  const mediaType = CATALOG_MEDIA_TYPES.find((type) => type === wire['media_type']);
  if (!mediaType) throw new TypeError(`catalog media type ${String(wire['media_type'])}`);
  return {
    factId: whole(wire, 'fact_id'),
    fact: {
      catalogVersion: text(wire, 'catalog_version'),
      effectiveFrom: whole(wire, 'effective_from'),
      mediaType,
      document: Buffer.from(text(wire, 'document_base64'), 'base64'),
      recordedAt: whole(wire, 'recorded_at'),
    },
  };
}

function whole(wire: Record<string, unknown>, field: string): number {
  const value = wire[field];
  if (!Number.isSafeInteger(value)) throw new TypeError(`catalog fact without a valid ${field}`);
  return value as number;
}

function text(wire: Record<string, unknown>, field: string): string {
  const value = wire[field];
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`catalog fact without a valid ${field}`);
  return value;
}
