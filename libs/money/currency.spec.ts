import { isCurrency, minorDigits } from './currency.js';

describe('a currency', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['IQD', 3],
    ['AFN', 2],
    ['CLF', 4],
  ])('%s has %i minor digits', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
    expect(isCurrency(currency)).toBe(true);
  });

  it.each(['', 'usd', 'US', 'DOLLAR', 'ZZZ'])('is not %j', (currency) => {
    expect(() => minorDigits(currency)).toThrow('is not an ISO 4217 currency code');
    expect(isCurrency(currency)).toBe(false);
  });
});
