import { arabicDigits, latinDigits } from './digits.js';

describe('digits', () => {
  it.each([
    ['١٬٠٠٠٫٥', '1,000.5'],
    ['۱۲۳', '123'],
    ['50.00', '50.00'],
    ['٥٠، ٨٠', '50، 80'],
    ['mb_', 'mb_'],
  ])('of "%s" are "%s" in Latin', (text, latin) => {
    expect(latinDigits(text)).toBe(latin);
  });

  it.each([
    ['30 يومًا', '٣٠ يومًا'],
    ['9,007,199', '٩٬٠٠٧٬١٩٩'],
    ['50.00', '٥٠٫٠٠'],
    ['50, 80, 100', '٥٠, ٨٠, ١٠٠'],
    ['2027-01-31', '٢٠٢٧-٠١-٣١'],
    ['{count} حدث', '{count} حدث'],
  ])('of "%s" are "%s" in Arabic', (text, arabic) => {
    expect([arabicDigits(text), latinDigits(arabicDigits(text))]).toEqual([arabic, text]);
  });
});
