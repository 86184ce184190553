// API keys for the door's guard, out of the service's own read model.
import { KeyDirectory, type StoredKey } from '../http/keys.js';
import type { AccountStore } from './account.store.js';

export class StoredKeyDirectory extends KeyDirectory {
  constructor(private readonly accounts: AccountStore) {
    super();
  }

  /** Not cached: a revoked key is refused as soon as the fact is folded. */
  override async find(keyId: string): Promise<StoredKey | undefined> {
    return this.accounts.findKey(keyId);
  }
}
