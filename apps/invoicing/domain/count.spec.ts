import fc from 'fast-check';
import { count, parseExact } from './count.js';

describe('a count', () => {
  it.each([
    [0n, '0'],
    [-5n, '-5'],
    [2n ** 53n - 1n, '9007199254740991'],
    [2n ** 53n + 1n, '9007199254740993'],
    [-(2n ** 80n), '-1208925819614629174706176'],
  ])('%s is printed as %s', (value, text) => {
    expect(JSON.stringify({ value: count(value) })).toBe(`{"value":${text}}`);
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(String(parseExact(JSON.stringify(count(value))))).toBe(String(value));
      }),
    );
  });

  it('leaves fractions and texts alone', () => {
    expect(parseExact('{"a": 1.5, "b": "9007199254740993", "c": 1e300}')).toEqual({
      a: 1.5,
      b: '9007199254740993',
      c: 1e300,
    });
  });
});
