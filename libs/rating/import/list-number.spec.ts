import { femtoOf } from './list-number.js';

describe('price of a list', () => {
  it.each([
    [2.5e-6, 1n, 2_500_000_000n],
    [1e-15, 1n, 1n],
    ['5e-07', 1n, 500_000_000n],
    ['0.000000050', 1n, 50_000_000n],
    [0, 1n, 0n],
    ['-0', 1n, 0n],
    [0.0001, 1_000n, 100_000_000n],
    [15, 1_000_000n, 15_000_000_000n],
    ['1E3', 1n, 10n ** 18n],
  ])('%p per %s units is %s femto', (value, units, femto) => {
    expect(femtoOf(value, units)).toBe(femto);
  });

  it.each([
    [-1, 'below zero'],
    [Number.NaN, 'is not a number'],
    [Number.POSITIVE_INFINITY, 'is not a number'],
    ['', 'is not a number'],
    [true, 'is not a number'],
    [1.5e-16, 'finer than'],
    ['1e300', 'too large'],
  ])('cannot be %p (%s)', (value, reason) => {
    expect(() => femtoOf(value)).toThrow(reason);
  });
});
