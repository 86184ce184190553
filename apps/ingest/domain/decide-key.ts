// Creating an API key: the secret was made before and is not part of the fact.
import type { AccountFact, Scope } from '#libs/events/account-facts.js';
import { expiryFault } from './decide-money.js';
import { decided, type Decided } from './fault.js';

export interface AskedKey {
  /** null: bound to none. */
  readonly organization: string | null;
  readonly keyId: string;
  /** SHA-256 of the whole key, hex. */
  readonly hash: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
}

/** The key as a fact; `in_the_past` when it would have expired already. */
export function decideKey(
  now: number,
  asked: AskedKey,
): Decided<Extract<AccountFact, { type: 'ApiKeyCreated' }>> {
  return decided({ ...asked, type: 'ApiKeyCreated', version: 1, recordedAt: now }, [
    expiryFault(asked.expiresAt, now),
  ]);
}
