// Published bytes → the catalog that readers price with.
import type { CatalogMediaType } from '../events/catalog-fact.js';
import { PartitionHalt } from '../projection/projection.js';
import type { Catalog } from '../rating/catalog.js';
import { parseCatalogText } from '../rating/catalog-document.js';

/** Ingest checked the document before it published it; halts with `undecodable_fact` on what a newer program published. */
export function parsePublished(document: Buffer, mediaType: CatalogMediaType): Catalog {
  const parsed = parseCatalogText(document.toString('utf8'), mediaType);
  if ('catalog' in parsed) return parsed.catalog;
  const [problem] = parsed.problems;
  throw new PartitionHalt(
    'undecodable_fact',
    `published catalog: ${problem?.pointer ?? ''} ${problem?.detail ?? 'cannot be parsed'}`,
  );
}
