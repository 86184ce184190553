import { splitLines, trimmed } from './split-lines.js';

const lines = (text: string, limit = 100) =>
  splitLines(Buffer.from(text), limit).map((line) => line.toString());

describe('lines', () => {
  it.each([
    // body                       lines                    case
    ['', [], 'nothing'],
    ['\n\r\n \t\n', [], 'only blanks'],
    ['{"a":1}', ['{"a":1}'], 'no line feed at the end'],
    ['{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}'], 'one feed each'],
    ['{"a":1}\r\n\r\n  {"b":2} \r\n', ['{"a":1}', '{"b":2}'], 'carriage returns and blanks'],
    ['"é"\n🙂', ['"é"', '🙂'], 'more than one byte a character'],
  ])('cuts %j (%s is last)', (body, expected) => {
    expect(lines(body)).toEqual(expected);
  });

  it('stops one past the limit', () => {
    expect(lines('1\n2\n3\n4\n5', 2)).toEqual(['1', '2', '3']);
  });

  it('gives the bytes of the body, not copies', () => {
    const body = Buffer.from(' {} ');
    expect(trimmed(body, 0, 4)?.buffer).toBe(body.buffer);
  });
});
