import { WORDS } from './document-words.js';
import { dayText, monthText, spanText } from './printed-time.js';

describe('printed time', () => {
  it.each([
    // from, to, long, short
    ['2026-11-01', '2026-12-01', '1 November 2026 – 30 November 2026', '1 Nov – 30 Nov'],
    ['2026-12-01', '2027-01-01', '1 December 2026 – 31 December 2026', '1 Dec – 31 Dec'],
    ['2028-02-01', '2028-03-01', '1 February 2028 – 29 February 2028', '1 Feb – 29 Feb'],
    ['2026-11-05', '2026-11-06', '5 November 2026', '5 Nov'],
  ])('from %s to %s is %s', (from, to, long, short) => {
    const range = { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` };
    expect([spanText(WORDS.en, range), spanText(WORDS.en, range, 'short')]).toEqual([long, short]);
  });

  it('names the hour where a range ends inside a day', () => {
    const range = { from: '2026-11-01T06:00:00Z', to: '2026-11-12T14:00:00Z' };
    expect(spanText(WORDS.en, range, 'short')).toBe('1 Nov 06:00 – 12 Nov 14:00');
  });

  it('has days and months in both languages, and nothing for no day', () => {
    expect(dayText(WORDS.en, '2026-11-01T23:59:59Z')).toBe('1 November 2026');
    expect(dayText(WORDS.ar, '2026-11-01T23:59:59Z')).toBe('1 نوفمبر 2026');
    expect(dayText(WORDS.en, null)).toBeNull();
    expect(monthText(WORDS.ar, '2026-10-01T00:00:00Z')).toBe('أكتوبر 2026');
  });
});
