import { decimal } from './focus-pricing.js';

describe('a decimal of FOCUS', () => {
  it.each([
    [0n, '0.0'],
    [5_000_000_000_000_000n, '5.0'],
    [1n, '0.000000000000001'],
    [-2_500_000_000_000_000n, '-2.5'],
  ])('of %s femto-units is %s: never without a point', (femto, text) => {
    expect(decimal(femto)).toBe(text);
  });
});
