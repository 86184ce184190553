import { Metrics } from '../telemetry/metrics.js';
import { newApiKey } from './api-key.js';
import { Authenticator } from './authenticator.js';
import type { Addressed } from './client-address.js';
import { FailedKeys } from './failed-keys.js';
import { KeyDoor } from './key-door.js';
import { KeyDirectory, type StoredKey } from './keys.js';
import type { Problem } from './problem.js';

const admin = newApiKey();
const [seen, fresh, blind] = [newApiKey(), newApiKey(), newApiKey()];

class Keys extends KeyDirectory {
  looked = 0;
  /** Holds every look-up until it is called. */
  release: (() => void) | undefined;
  private gate = Promise.resolve();

  hold(): void {
    this.gate = new Promise((resolve) => (this.release = resolve));
  }

  override async find(id: string): Promise<StoredKey | undefined> {
    this.looked += 1;
    await this.gate;
    const key = [seen, fresh, blind].find((one) => one.id === id);
    const scopes = id === blind.id ? (['ops'] as const) : (['usage:write'] as const);
    const rest = { organization: 'org_a', expiresAt: null, revokedAt: null };
    return key && { id, hash: key.hash, scopes, ...rest };
  }
}

function stand() {
  const keys = new Keys();
  const time = { now: 0 };
  const failed = new FailedKeys(() => time.now, { burst: 3, perSecond: 1 });
  const metrics = new Metrics('test');
  const authenticator = new Authenticator(admin.key, () => 0, keys);
  const door = new KeyDoor({ metrics, failed }, () => authenticator);
  /** What a key gets: its caller's id, or the status and code. */
  const use = async (key: string | undefined, address = '192.0.2.1'): Promise<string> => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const request: Addressed = { headers, raw: { socket: { remoteAddress: address } } };
    try {
      return (await door.admit(request, ['usage:write'])).keyId;
    } catch (error) {
      const { status, code, headers: sent } = error as Problem;
      return [status, code, sent['retry-after'] ?? ''].join(' ').trim();
    }
  };
  const flood = async (count = 3, address?: string): Promise<string[]> => {
    const answers = [];
    for (let at = 0; at < count; at += 1) answers.push(await use(newApiKey().key, address));
    return answers;
  };
  return { keys, time, metrics, use, flood };
}

const WRONG = '401 invalid_api_key';
const THROTTLED = '429 too_many_wrong_keys 1';

describe('the door of keys', () => {
  it('refuses wrong keys of one address by 429 above its burst, until they are forgiven', async () => {
    const { time, metrics, use, flood } = stand();
    expect(await flood(5)).toEqual([WRONG, WRONG, WRONG, THROTTLED, THROTTLED]);
    expect(await use('mb_nonsense')).toBe(THROTTLED);
    expect(await use(newApiKey().key, '192.0.2.2')).toBe(WRONG);
    time.now += 1_000;
    expect(await use('mb_nonsense')).toBe(WRONG);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/meterbook_wrong_keys_total\{outcome="throttled".*\} 3/);
  });

  it('lets right keys in from the same address, whether they were seen before or not', async () => {
    const { use, flood } = stand();
    expect(await use(seen.key)).toBe(seen.id);
    await flood(50);
    expect(await use(seen.key)).toBe(seen.id);
    expect(await use(fresh.key)).toBe(fresh.id);
    expect(await use(admin.key)).toBe(admin.id);
  });

  it('says what it always says to no key at all and to one without the scope', async () => {
    const { use, flood } = stand();
    await flood();
    expect(await use(undefined)).toBe('401 missing_api_key');
    expect(await use(blind.key)).toBe('403 missing_scope');
    const other = stand();
    for (let at = 0; at < 10; at += 1) await other.use(undefined);
    expect((await other.flood(1))[0]).toBe(WRONG);
  });

  it('looks up at most 2 keys at once for an address that is held back, and lets 64 wait', async () => {
    const { keys, use, flood } = stand();
    await use(seen.key);
    await flood();
    keys.hold();
    keys.looked = 0;
    const many = Array.from({ length: 200 }, async () => use(newApiKey().key));
    const known = use(seen.key);
    const first = use(admin.key);
    await new Promise(setImmediate);
    // Two of the flood, and the one that was right before does not wait.
    expect(keys.looked).toBe(3);
    expect(await first).toBe(admin.id);
    keys.release?.();
    expect(await known).toBe(seen.id);
    expect(new Set(await Promise.all(many))).toEqual(new Set([THROTTLED]));
    expect(keys.looked).toBe(67);
  });

  it('looks nothing up for what is no key', async () => {
    const { keys, use, flood } = stand();
    await flood();
    keys.looked = 0;
    for (let at = 0; at < 100; at += 1) await use(`mb_${at}`);
    expect(keys.looked).toBe(0);
  });
});
