// The keys of the specs' callers: one each of what can be wrong with a key.
import { newApiKey, type NewApiKey } from '../api-key.js';
import { KeyDirectory, type StoredKey } from '../keys.js';

export const admin = newApiKey();
export const reader = newApiKey();
export const writer = newApiKey();
export const expired = newApiKey();
export const revoked = newApiKey();
export const now = Date.UTC(2026, 10, 25);
const stored = (key: NewApiKey, change: Partial<StoredKey> = {}): StoredKey => ({
  id: key.id,
  hash: key.hash,
  organization: 'org_a',
  scopes: ['usage:read'],
  expiresAt: null,
  revokedAt: null,
  ...change,
});

export class FixedKeys extends KeyDirectory {
  async find(id: string): Promise<StoredKey | undefined> {
    const keys = [
      stored(reader),
      stored(writer, { scopes: ['billing:write'] }),
      stored(expired, { expiresAt: now }),
      stored(revoked, { revokedAt: 1 }),
    ];
    return keys.find((key) => key.id === id);
  }
}
