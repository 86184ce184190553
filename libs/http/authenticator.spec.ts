import { type Scope, SCOPES } from '../events/account-facts.js';
import { newApiKey } from './api-key.js';
import { Authenticator, type Caller } from './authenticator.js';
import { KeyDirectory, type StoredKey } from './keys.js';

const admin = newApiKey();
const node = newApiKey();

/** A directory that counts its look-ups and answers when it is told to. */
class SlowKeys extends KeyDirectory {
  looked: string[] = [];
  revokedAt: number | null = null;
  scopes: Scope[] = ['usage:write'];
  private waiting: (() => void)[] = [];

  constructor(private readonly isSlow = false) {
    super();
  }

  override async find(id: string): Promise<StoredKey | undefined> {
    this.looked.push(id);
    if (this.isSlow) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (id !== node.id) return undefined;
    const { hash } = node;
    const { scopes } = this;
    return { id, hash, organization: 'org_a', scopes, expiresAt: 1_000, revokedAt: this.revokedAt };
  }

  async answer(): Promise<void> {
    for (const resolve of this.waiting.splice(0)) resolve();
    await new Promise(setImmediate);
  }
}

const bearer = (key: string): string => `Bearer ${key}`;

describe('the authenticator', () => {
  it.each(['secret', 'mb_12345678_', `${admin.key}x`, admin.key.slice(0, -1)])(
    'refuses to start with the admin key %j, naming the variable and not the value',
    (key) => {
      expect(() => new Authenticator(key, Date.now)).toThrow(/^MB_ADMIN_KEY must be a key/);
      expect(() => new Authenticator(key, Date.now)).not.toThrow(new RegExp(`${key}$`));
    },
  );

  it('knows the admin key without a look-up', () => {
    const keys = new SlowKeys();
    const caller = new Authenticator(admin.key, Date.now, keys).admit(bearer(admin.key), ['ops']);
    expect(caller).toEqual({ keyId: admin.id, organization: null, scopes: ['admin'] });
    expect(keys.looked).toEqual([]);
  });

  it('looks up a well-formed key of an unknown id or a wrong secret alike, a mistyped one not', async () => {
    const keys = new SlowKeys();
    const authenticator = new Authenticator(admin.key, () => 0, keys);
    const admit = async (key: string): Promise<Caller> =>
      authenticator.admit(bearer(key), ['usage:write']);
    const forged = (id: string): string => {
      const letters = Array.from(id, (letter) => ALPHABET.indexOf(letter));
      return newApiKey(() => letters.shift() ?? 7).key;
    };
    for (const id of [newApiKey().id, node.id, admin.id])
      await expect(admit(forged(id))).rejects.toMatchObject({
        status: 401,
        code: 'invalid_api_key',
      });
    expect(keys.looked).toHaveLength(3);
    await expect(admit(node.key.replace(/.$/, '!'))).rejects.toMatchObject({ status: 401 });
    expect(keys.looked).toHaveLength(3);
    expect(await admit(node.key)).toMatchObject({ keyId: node.id, organization: 'org_a' });
  });

  it.each([
    // now     revoked at   code
    [999, null, undefined],
    [1_000, null, 'expired_api_key'],
    [0, 1, 'revoked_api_key'],
  ])('at %d, revoked at %s: %s', async (now, revokedAt, code) => {
    const keys = new SlowKeys();
    keys.revokedAt = revokedAt;
    const authenticator = new Authenticator(admin.key, () => now, keys);
    const admitted = Promise.resolve(authenticator.admit(bearer(node.key), ['usage:write']));
    const seen = await admitted.then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(seen).toBe(code);
  });

  it('names the scope that is missing', async () => {
    const authenticator = new Authenticator(admin.key, () => 0, new SlowKeys());
    await expect(
      Promise.resolve(authenticator.admit(bearer(node.key), ['billing:read', 'ops'])),
    ).rejects.toMatchObject({
      status: 403,
      code: 'missing_scope',
      message: 'This key lacks the scope billing:read or ops.',
      members: { scopes: ['billing:read', 'ops'] },
    });
  });

  it('lets a stored key with the scope admin do everything', async () => {
    const keys = new SlowKeys();
    keys.scopes = ['admin'];
    const authenticator = new Authenticator(admin.key, () => 0, keys);
    for (const scope of SCOPES)
      expect(await authenticator.admit(bearer(node.key), [scope])).toMatchObject({
        keyId: node.id,
        organization: 'org_a',
      });
  });

  it('shares one look-up among callers, but none that began before they asked', async () => {
    const keys = new SlowKeys(true);
    const authenticator = new Authenticator(admin.key, () => 0, keys);
    const ask = async (): Promise<string> =>
      Promise.resolve(authenticator.admit(bearer(node.key), ['usage:write'])).then(
        () => 'admitted',
        (error: { code: string }) => error.code,
      );
    const first = ask();
    keys.revokedAt = 1;
    const later = [ask(), ask(), ask()];
    keys.revokedAt = null;
    await keys.answer();
    expect(await first).toBe('admitted');
    expect(keys.looked).toHaveLength(2);
    keys.revokedAt = 1;
    await keys.answer();
    expect(await Promise.all(later)).toEqual(Array(3).fill('revoked_api_key'));
    const after = ask();
    await keys.answer();
    expect(await after).toBe('revoked_api_key');
    expect(keys.looked).toHaveLength(3);
  });
});

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
