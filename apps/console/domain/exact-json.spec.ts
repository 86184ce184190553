import { parseExact } from './exact-json.js';

describe('exact JSON', () => {
  it.each([
    // text                               value                             case
    ['9007199254740993', 9007199254740993n, 'a count above 2^53'],
    ['-12', -12n, 'a negative count'],
    ['0.10', '0.10', 'a fraction stays text'],
    ['1e3', '1e3', 'an exponent stays text'],
    ['"12"', '12', 'digits in a string stay a string'],
    ['"say \\"7\\" or 8"', 'say "7" or 8', 'a string with quotes and digits'],
    ['"\\u00e9 1"', 'é 1', 'a string that begins with an escape'],
    ['"\uE0007"', '\uE0007', 'a string that begins like our own mark'],
    ['"\\uE0007"', '\uE0007', 'the same, escaped'],
    ['""', '', 'an empty string'],
    ['{"a":[1,null,true,"x",{"2":3}]}', { a: [1n, null, true, 'x', { 2: 3n }] }, 'a tree'],
  ])('%s is %p (%s)', (text, value, _case) => {
    expect(parseExact(text)).toEqual(value);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseExact('{"a":')).toThrow(SyntaxError);
    expect(() => parseExact('1 2')).toThrow(SyntaxError);
  });
});
