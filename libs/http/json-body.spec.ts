import { parseJsonBody } from './json-body.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

describe('a JSON body', () => {
  it.each([
    // text                             value
    ['', undefined],
    ['null', null],
    ['\ufeff{"a":1}', { a: 1 }],
    ['{"a":1,"a":2}', { a: 2 }],
    [String.raw`{"a":"😀\ud83d\ude00\\u0000"}`, { a: String.raw`😀😀\u0000` }],
    ['{"a":"[[[["}', { a: '[[[[' }],
  ])('%j is %j', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('may be 32 levels deep and no deeper', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(JSON.stringify(parse(nested(32)))).toBe(nested(32));
    expect(() => parse(nested(33))).toThrow('more than 32 levels');
    expect(() => parse('['.repeat(1_000_000))).toThrow('more than 32 levels');
    expect(parse(`[${Array.from({ length: 50 }, () => '{"a":"\\""}').join()}]`)).toHaveLength(50);
  });

  it.each([
    // text                                         why
    ['{"size":', 'is not JSON'],
    ['{"a":1} x', 'is not JSON'],
    ['{"a":NaN}', 'is not JSON'],
    ['{"a":{"__proto__":{"admin":true}}}', '/a/__proto__'],
    [String.raw`{"\u005f_proto__":1}`, '/__proto__'],
    ['{"constructor":{"prototype":1}}', '/constructor'],
    [String.raw`{"a":["\u0000"]}`, '/a/0: holds a NUL'],
    [String.raw`{"a":"\ud83d"}`, '/a: holds a NUL or half'],
    [String.raw`{"\u0000":1}`, 'holds a NUL'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  it('is UTF-8', () => {
    expect(() => parseJsonBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow('not UTF-8');
  });
});
