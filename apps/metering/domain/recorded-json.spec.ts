import { parseAsWritten } from './recorded-json.js';

describe('recorded JSON', () => {
  it.each([
    ['{"a":9007199254740993,"b":[1e3,1.0,-0,12],"c":"1e3"}'],
    ['{"__proto__":{"n":123456789012345678901234567890}}'],
    ['null'],
  ])('is printed as it was written: %s', (text) => {
    expect(JSON.stringify(parseAsWritten(Buffer.from(text)))).toBe(text);
  });

  it.each([[''], ['{"a":1'], ['nothing']])('is nothing where it is none: %j', (text) => {
    expect(parseAsWritten(Buffer.from(text))).toBeUndefined();
  });
});
