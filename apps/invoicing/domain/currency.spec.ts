import { minorDigits } from './currency.js';

describe('minor digits', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['BHD', 3],
  ])('of %s are %i', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });
});

it('refuses what is no currency', () => {
  expect(() => minorDigits('dollars')).toThrow(RangeError);
});
