import { figuresIn, tagOf } from './figures.js';

const en = figuresIn({ language: 'en', digits: 'latn' });
const latin = figuresIn({ language: 'ar', digits: 'latn' });
const arabic = figuresIn({ language: 'ar', digits: 'arab' });

describe('money', () => {
  it.each([
    // exact                       shown                  case
    ['0', '$0.00', 'nothing'],
    ['12.345', '$12.34', 'half a cent goes to the even one'],
    ['12.355', '$12.36', 'and here too'],
    ['12.345000000000001', '$12.35', 'a femto-dollar above the half'],
    ['0.0000064', '$0.0000064', 'below a cent it keeps what there is'],
    ['0.00628864900', '$0.0063', 'two significant digits below a cent'],
    ['0.01', '$0.01', 'a cent'],
    ['-2.5', '-$2.50', 'negative'],
    ['90071992547409930.12', '$90,071,992,547,409,930.12', 'more than a float holds'],
  ])('%s is shown as %s (%s)', (exact, shown) => {
    expect(en.money(exact, 'USD')).toBe(shown);
  });

  it('takes only decimals', () => {
    expect(() => en.money('1e3', 'USD')).toThrow(RangeError);
  });

  it('follows the reader’s digits', () => {
    expect(latin.money('12.5', 'USD')).toContain('12.50');
    expect(arabic.money('12.5', 'USD')).toContain('١٢٫٥٠');
  });
});

describe('price per million', () => {
  it.each([
    ['0.05', '$0.05'],
    ['0.0125', '$0.0125'],
    ['3', '$3.00'],
  ])('%s keeps every digit: %s', (exact, shown) => {
    expect(en.price(exact, 'USD')).toBe(shown);
  });
});

describe('duration', () => {
  it.each([
    // nanoseconds            shown                case
    [0n, '0 sec', 'full'],
    [1n, '1 sec', 'rounded up'],
    [17_000_000_000n, '17 sec', 'whole seconds'],
    [73_588_000_000n, '1 min 14 sec', 'minutes and seconds'],
    [120_000_000_000n, '2 min', 'whole minutes'],
    [3_661_000_000_000n, '1 hr 2 min', 'hours and minutes, rounded up'],
  ])('%s ns is %s (%s)', (nanos, shown) => {
    expect(en.duration(nanos)).toBe(shown);
  });
});

describe('count', () => {
  it('is grouped, whole at any size', () => {
    expect(en.count(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993');
    expect(en.compact(1_234_567n)).toBe('1.23M');
    expect(en.percent(80n)).toBe('80%');
  });

  it('names the locale by its digits', () => {
    expect(tagOf({ language: 'ar', digits: 'arab' })).toBe('ar-u-nu-arab');
    expect(tagOf({ language: 'en', digits: 'arab' })).toBe('en');
  });
});
