import { readable } from './readable.js';

describe('readable value', () => {
  it.each([
    ['text', 'text'],
    [9_007_199_254_740_993n, '9007199254740993'],
    [null, 'null'],
    [[], '[]'],
    [{ a: [1n, 'x'], b: {} }, '{\n  "a": [\n    1,\n    "x"\n  ],\n  "b": {}\n}'],
  ])('%p', (value, text) => {
    expect(readable(value)).toBe(text);
  });
});
