import { breakLong, cleanLines, directionOf, grouped, isolated } from './printed-text.js';

describe('a line of print', () => {
  it.each([
    // text                                lines
    ['Acme GmbH', ['Acme GmbH']],
    ['Street 1\r\n\r\n10115 Berlin\nDE ', ['Street 1', '10115 Berlin', 'DE']],
    ['tab\there\u0000', ['tab here']],
    ['turned \u202eDSU 00.1', ['turned DSU 00.1']],
    ['zero\u200bwidth', ['zerowidth']],
    [' \u2029 ', []],
  ])('of %j is %j', (text, lines) => {
    expect(cleanLines(text)).toEqual(lines);
  });

  it.each([
    ['Acme', 'ltr'],
    ['شركة أكمي', 'rtl'],
    ['12 شارع', 'rtl'],
    ['חברה', 'rtl'],
    ['12,345.00', 'ltr'],
    ['Acme شركة', 'ltr'],
    [isolated('شركة'), 'ltr'],
    ['', 'ltr'],
  ])('of %j runs %s', (text, direction) => {
    expect(directionOf(text)).toBe(direction);
  });

  it.each([
    // text                      most   broken
    ['llama-3.1-8b', 20, 'llama-3.1-8b'],
    ['exactly-ten', 11, 'exactly-ten'],
    ['openai/gpt-oss-120b', 12, 'openai/gpt-\noss-120b'],
    ['aaaaaaaaaaaa', 5, 'aaaaa\naaaaa\naa'],
    ['a short word', 5, 'a short word'],
    ['see openai/gpt-oss please', 8, 'see openai/\ngpt-oss please'],
    ['----------', 4, '----\n----\n--'],
  ])('breaks %j at %i', (text, most, broken) => {
    expect(breakLong(text, most)).toBe(broken);
    expect(broken.replaceAll('\n', '')).toBe(text);
  });

  it('keeps the order of each piece of what was kept whole', () => {
    expect(breakLong(isolated('long-name'), 6)).toBe('\u200elong-\u200e\n\u200ename\u200e');
  });

  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-1234567.80', '-1,234,567.80'],
    ['-100.00', '-100.00'],
    ['0.000000123', '0.000000123'],
    [1_000_000, '1,000,000'],
    [90_071_992_547_409_930n, '90,071,992,547,409,930'],
  ])('groups %s as %s', (decimal, text) => {
    expect(grouped(decimal)).toBe(text);
  });
});
