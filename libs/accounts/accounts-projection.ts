// Folds the `accounts` topic into a service's own rows.
import type { AccountFact } from '../events/account-facts.js';
import { decodeFact } from '../events/account-facts.js';
import { ACCOUNTS } from '../events/topics.js';
import type { Projection } from '../projection/projection.js';
import type { AccountStore } from './account.store.js';
import { type FactFold, foldFacts } from './fact-head.js';

/** How `accounts` records become rows of the store. */
export function accountFold(store: AccountStore): FactFold<AccountFact> {
  return {
    topic: ACCOUNTS,
    decode: decodeFact,
    apply: async (tx, fact, factId) => store.fold(tx, fact, factId),
  };
}

/** The projection `<service>.accounts`; halts with `undecodable_fact`, `fact_gap` or `fact_without_account`. */
export function accountsProjection(service: string, store: AccountStore): Projection {
  const fold = accountFold(store);
  return {
    name: `${service}.accounts`,
    topics: [ACCOUNTS],
    maxRecords: 500,
    fold: async (tx, slice) => ({
      counts: await foldFacts(tx, fold, slice.records),
      folded: undefined,
    }),
  };
}
