import { csvRecord } from './csv.js';

describe('a CSV record', () => {
  it.each([
    // value, cell
    ['plain', 'plain'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [12, '12'],
    [90_071_992_547_409_931n, '90071992547409931'],
    ['-1.50', '-1.50'],
    ['-1.50 USD', "'-1.50 USD"],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['a,b', '"a,b"'],
    ['=a,b', `"'=a,b"`],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
  ])('has %j as %j', (value, cell) => {
    expect(csvRecord([value, 1])).toBe(`${cell},1\r\n`);
  });
});
