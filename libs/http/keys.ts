// Where stored API keys come from: each service reads them from its own accounts projection.
import type { Scope } from '../events/account-facts.js';

export interface StoredKey {
  readonly id: string;
  /** Lower-case hex SHA-256 of the whole key text; 190 bits of secret make a slow hash pointless (ASVS 6.5.2). */
  readonly hash: string;
  /** null: bound to no organization. */
  readonly organization: string | null;
  readonly scopes: readonly Scope[];
  /** Epoch ms. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** The injection token of a service's keys; `find` takes the 8-character id and may answer from a read model. */
export abstract class KeyDirectory {
  abstract find(keyId: string): Promise<StoredKey | undefined>;
}
