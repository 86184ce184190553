// Folds the `catalog` topic into a service's own rows.
import { type FactFold, foldFacts } from '../accounts/fact-head.js';
import { type CatalogFact, decodeCatalogFact } from '../events/catalog-fact.js';
import { CATALOG } from '../events/topics.js';
import type { Projection } from '../projection/projection.js';
import type { CatalogStore } from './catalog.store.js';

/** How `catalog` records become rows of the store. */
export function catalogFold(store: CatalogStore): FactFold<CatalogFact> {
  return {
    topic: CATALOG,
    decode: decodeCatalogFact,
    apply: async (tx, fact, factId) => store.add(tx, fact, factId),
  };
}

/** The projection `<service>.catalog`; halts with `undecodable_fact` or `fact_gap`. */
export function catalogProjection(service: string, store: CatalogStore): Projection {
  const fold = catalogFold(store);
  return {
    name: `${service}.catalog`,
    topics: [CATALOG],
    maxRecords: 50,
    fold: async (tx, slice) => ({
      counts: await foldFacts(tx, fold, slice.records),
      folded: undefined,
    }),
  };
}
