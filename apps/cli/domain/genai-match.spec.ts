import { fits, type MatchRule } from './genai-match.js';

describe('name of a model', () => {
  it.each<[MatchRule, string, boolean]>([
    [{ equals: 'GPT-4o' }, 'gpt-4o', true],
    [{ starts_with: 'gpt' }, 'gpt-4o', true],
    [{ ends_with: '4' }, 'gpt-4o', false],
    [{ contains: '-4' }, 'gpt-4o', true],
    [{ regex: '^gpt-\\d' }, 'gpt-4o', true],
    [{ or: [{ equals: 'a' }, { equals: 'b' }] }, 'b', true],
    [{ and: [{ contains: 'a' }, { contains: 'b' }] }, 'a', false],
    [{ and: [] }, 'a', true],
  ])('by %j: %s is %s', (rule, name, expected) => {
    expect(fits(rule, name)).toBe(expected);
  });
});
