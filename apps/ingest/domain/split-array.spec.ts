import fc from 'fast-check';
import { splitArray } from './split-array.js';

const cut = (text: string) =>
  splitArray(Buffer.from(text), 10_000)?.map((element) => element.toString());

describe('array', () => {
  it.each([
    // body                             elements
    ['[]', []],
    [' [ \n ] ', []],
    ['[{"a":1}]', ['{"a":1}']],
    ['[ {"a":[1,2]} , "x,]" ,\n3 ]', ['{"a":[1,2]}', '"x,]"', '3']],
    ['["\\"],[", "\\\\"]', ['"\\"],["', '"\\\\"']],
  ])('cuts %s', (body, elements) => {
    expect(cut(body)).toEqual(elements);
  });

  it.each([
    '',
    '{}',
    '[',
    ']',
    '[,]',
    '[1,]',
    '[,1]',
    '[1',
    '1]',
    '[1]]',
    '[[1]',
    '[1],[2]',
    '["a]',
  ])('is not made of %j, or has an element that is no JSON', (body) => {
    const isJson = cut(body)?.every((element) => {
      try {
        JSON.parse(element);
        return true;
      } catch {
        return false;
      }
    });
    expect(isJson ?? false).toBe(false);
  });

  it('keeps each element’s own bytes for any JSON', () => {
    const spaces = fc.stringMatching(/^[ \n\r\t]{0,2}$/);
    fc.assert(
      fc.property(fc.array(fc.json()), spaces, (texts, space) => {
        const body = `${space}[${texts.map((text) => space + text + space).join(',')}]${space}`;
        expect(cut(body)).toEqual(texts);
      }),
    );
  });

  it('cuts what JSON.parse reads and refuses what it refuses, for any text', () => {
    const bits = fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\', '1', ' ', 'a');
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 12 }), (some) => {
        const body = `[${some.join('')}]`;
        const elements = cut(body)?.map(parse);
        const isWhole = elements?.every((element) => element !== undefined);
        expect(isWhole ? elements : undefined).toEqual(parse(body));
      }),
      { numRuns: 2000 },
    );
  });
});

// JSON has no undefined, so that it can stand for what is no JSON.
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
