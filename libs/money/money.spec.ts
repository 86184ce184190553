import fc from 'fast-check';
import {
  allocateMinor,
  formatExact,
  formatMinor,
  formatPricePerMillion,
  parseMoney,
  parsePricePerMillion,
  roundToMinor,
} from './money.js';

describe('money', () => {
  it.each([
    // text                  femto
    ['0', 0n],
    ['12.345678901234567', 12345678901234567n],
    ['-0.000000000000001', -1n],
    ['1000000', 1000000000000000000000n],
  ])('reads and prints %s', (text, femto) => {
    expect(parseMoney(text)).toBe(femto);
    expect(formatExact(femto)).toBe(text);
  });

  it.each(['', '1.', '.5', '1e3', '+1', '0x1', '1.0000000000000001', ' 1', 'NaN'])(
    'refuses %j',
    (text) => {
      expect(() => parseMoney(text)).toThrow(RangeError);
    },
  );

  it.each([
    ['0.05', 50000000n],
    ['0.0375', 37500000n],
    ['0.030833333', 30833333n],
  ])('reads %s USD per million as %s femto-USD a unit', (text, femto) => {
    expect(parsePricePerMillion(text)).toBe(femto);
    expect(formatPricePerMillion(femto)).toBe(text);
  });

  it.each([
    // exact     minor   case
    ['12.345', 1234n, 'half to the even cent below'],
    ['12.355', 1236n, 'half to the even cent above'],
    ['12.3450000000001', 1235n, 'just above half'],
    ['-12.345', -1234n, 'negative half to even'],
    ['-0.004', 0n, 'negative to zero'],
  ])('rounds %s to %s minor units (%s)', (exact, minor) => {
    expect(roundToMinor(parseMoney(exact))).toBe(minor);
  });

  it('prints minor units with all their digits', () => {
    expect(formatMinor(5n)).toBe('0.05');
    expect(formatMinor(-1235n)).toBe('-12.35');
    expect(formatMinor(7n, 0)).toBe('7');
  });

  it('gives parts that sum to the rounded total and are off by less than a minor unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), {
          minLength: 1,
          maxLength: 50,
        }),
        (parts) => {
          const total = roundToMinor(parts.reduce((sum, part) => sum + part, 0n));
          const given = allocateMinor(parts, total);
          expect(given.reduce((sum, part) => sum + part, 0n)).toBe(total);
          given.forEach((minor, index) => {
            const off = minor * 10n ** 13n - (parts[index] ?? 0n);
            expect(off < 10n ** 13n && off > -(10n ** 13n)).toBe(true);
          });
        },
      ),
    );
  });
});
