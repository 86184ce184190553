import { datesIn } from './dates.js';

const instant = '2026-11-01T00:00:00Z';

describe('dates', () => {
  it.each([
    ['en', 'November 2026'],
    ['ar', 'نوفمبر 2026'],
  ] as const)('name a month of %s by its UTC name', (language, shown) => {
    expect(datesIn({ language, digits: 'latn' }).month(instant)).toBe(shown);
  });

  it('show UTC days whatever the zone of the machine', () => {
    const dates = datesIn({ language: 'en', digits: 'latn' });
    expect(dates.utcDay(instant)).toBe('1 Nov 2026');
    expect(dates.exact(instant)).toBe('1 Nov 2026, 00:00:00 UTC');
  });

  it('follow the digits of the reader', () => {
    expect(datesIn({ language: 'ar', digits: 'arab' }).utcDay(instant)).toContain('٢٠٢٦');
  });
});
