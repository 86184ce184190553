import fc from 'fast-check';
import { identityKey, idTime, UNORDERED_PREFIX } from './identity.js';

describe('identity key', () => {
  it.each([
    // id                                        first 48 bits
    ['019ab0c5-e8f8-7abc-8def-0123456789ab', '019ab0c5e8f8'],
    ['019AB0C5-E8F8-7ABC-8DEF-0123456789AB', '019ab0c5e8f8'],
    ['01KAR8BT7R0000000000000000', '019ab085e8f8'],
    ['01kar8bt7r0000000000000000', '019ab085e8f8'],
    ['019ab0c5-e8f8-4abc-8def-0123456789ab', UNORDERED_PREFIX],
    ['81KAR8BT7R0000000000000000', UNORDERED_PREFIX],
    ['req-1', UNORDERED_PREFIX],
  ])('takes the time of %s first: %s', (id, prefix) => {
    const key = identityKey('org_acme', 'node', id);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(key.slice(0, 12)).toBe(prefix);
    expect(idTime(id)).toBe(prefix === UNORDERED_PREFIX ? undefined : Number.parseInt(prefix, 16));
  });

  it('finds the time of a UUIDv7 as its pattern says, and of no other text', () => {
    const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
    const id = '019ab0c5-E8f8-7abc-8def-0123456789ab';
    fc.assert(
      fc.property(fc.nat(35), fc.string({ unit: 'binary-ascii', maxLength: 1 }), (at, one) => {
        const changed = id.slice(0, at) + one + id.slice(at + 1);
        const digits = changed.replaceAll('-', '').slice(0, 12);
        expect(idTime(changed)).toBe(
          pattern.test(changed) ? Number.parseInt(digits, 16) : undefined,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the same exactly when organization, source and id are', () => {
    const text = fc.stringMatching(/^[ -~]{1,4}$/);
    const name = fc.tuple(text, text, text);
    fc.assert(
      fc.property(name, name, (one, other) => {
        const same = one.join('\n') === other.join('\n');
        expect(identityKey(...one) === identityKey(...other)).toBe(same);
        expect(identityKey(...one)).toBe(identityKey(...one));
      }),
    );
    expect(identityKey('org_a', 'bc', 'd')).not.toBe(identityKey('org_a', 'b', 'cd'));
  });
});
