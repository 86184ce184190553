import { hashApiKey, newApiKey, parseApiKey } from './api-key.js';

describe('API key', () => {
  it('has an id, a secret and a checksum that a scanner can find', () => {
    const { id, key, hash } = newApiKey();
    expect(key).toMatch(/^mb_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/);
    expect(parseApiKey(key)).toEqual({ id });
    expect(hash).toBe(hashApiKey(key));
    expect(/mb_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}/.exec(`token=${key};`)?.[0]).toBe(key);
  });

  it('refuses every single changed letter', () => {
    const { key } = newApiKey();
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'x' ? 'y' : 'x';
      expect(parseApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined();
    }
  });

  it.each(['', 'mb_', 'mb_12345678_', 'sk-123'])('refuses %j', (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });
});
