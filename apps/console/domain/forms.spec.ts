import { alertsOf, amountOf, expiryOf } from './forms.js';

describe('amount field', () => {
  it.each([
    ['', null],
    ['50', '50'],
    [' 50.00 ', '50.00'],
    ['٥٠٫٥٠', '50.50'],
    ['-1', undefined],
    ['1e3', undefined],
    ['1,000', undefined],
    ['.5', undefined],
  ])('"%s" is %p', (typed, amount) => {
    expect(amountOf(typed)).toBe(amount);
  });
});

describe('alerts field', () => {
  it.each([
    ['', []],
    ['100, 50,80', [50, 80, 100]],
    ['50، 50', [50]],
    ['٥٠، ٨٠', [50, 80]],
    ['0', undefined],
    ['1001', undefined],
    ['50.5', undefined],
    ['half', undefined],
  ])('"%s" is %p', (typed, alerts) => {
    expect(alertsOf(typed)).toEqual(alerts);
  });
});

describe('expiry field', () => {
  const now = Date.parse('2026-11-25T12:00:00Z');
  it.each([
    ['', null],
    ['2026-11-25', '2026-11-26T00:00:00.000Z'],
    ['٢٠٢٦-١١-٢٥', '2026-11-26T00:00:00.000Z'],
    ['2026-11-24', undefined],
    ['2027-02-31', undefined],
    ['tomorrow', undefined],
  ])('"%s" is %p', (typed, expiry) => {
    expect(expiryOf(typed, now)).toBe(expiry);
  });
});
