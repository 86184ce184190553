import { decideKey } from './decide-key.js';

const NOW = Date.UTC(2026, 10, 24, 9, 30);
const asked = {
  organization: 'org_acme',
  keyId: 'abcd1234',
  hash: 'ff',
  name: 'ci',
  scopes: ['usage:read'],
  expiresAt: null,
} as const;

describe('API key', () => {
  it('is created as asked', () => {
    expect(decideKey(NOW, asked)).toEqual({
      decided: { ...asked, type: 'ApiKeyCreated', version: 1, recordedAt: NOW },
    });
  });

  it.each([
    [NOW - 1, 'in_the_past'],
    [NOW, 'in_the_past'],
    [NOW + 1, undefined],
  ])('that ends at %s is refused as %s', (expiresAt, code) => {
    const decision = decideKey(NOW, { ...asked, expiresAt });
    expect('faults' in decision ? decision.faults[0]?.code : undefined).toBe(code);
  });
});
