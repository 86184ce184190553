import { randomBytes } from 'node:crypto';
import { seal, unseal } from './sealed.js';

describe('a sealed text', () => {
  const key = randomBytes(32);

  it('opens with its key, and looks otherwise each time', () => {
    const sealed = seal('whsec_ä', key);
    expect(unseal(sealed, key)).toBe('whsec_ä');
    expect(sealed.includes('whsec')).toBe(false);
    expect(seal('whsec_ä', key).equals(sealed)).toBe(false);
  });

  it('opens with no other key and not when a byte was changed', () => {
    const sealed = seal('text', key);
    expect(() => unseal(sealed, randomBytes(32))).toThrow('authenticate');
    sealed[sealed.length - 1]! ^= 1;
    expect(() => unseal(sealed, key)).toThrow('authenticate');
  });
});
