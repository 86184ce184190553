import { plainArray, textArray } from './array-literal.js';

describe('an array literal', () => {
  it('holds numbers, bigints and uuids as they are', () => {
    expect(plainArray([1, -2n, 'ab'])).toBe('{1,-2,ab}');
    expect(plainArray([])).toBe('{}');
  });

  it.each([
    // texts, literal
    [[], '{}'],
    [[''], '{""}'],
    [['a', '', 'b c'], '{"a","","b c"}'],
    [['NULL', '{x,y}'], '{"NULL","{x,y}"}'],
    [['say "hi"', 'back\\slash'], '{"say \\"hi\\"","back\\\\slash"}'],
    [['a","b'], '{"a\\",\\"b"}'],
  ])('quotes the texts %j', (texts, literal) => {
    expect(textArray(texts)).toBe(literal);
  });
});
