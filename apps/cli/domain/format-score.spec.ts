import type { FormatCase } from './format-answers.js';
import { missOf, scoreFormats } from './format-score.js';

const usage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 3 },
};
const one = (more: Partial<FormatCase> = {}): FormatCase => ({
  id: 'a',
  provider: 'openai',
  format: 'openai_chat',
  usage,
  answers: [],
  ...more,
});
const right = { input_tokens: 10, output_tokens: 5, cache_read_tokens: 4, input_audio_tokens: 3 };

describe('miss', () => {
  it.each<[string, Partial<FormatCase>, string | undefined]>([
    ['its own total', {}, undefined],
    ['an answer', { answers: [right] }, undefined],
    ['any of two answers', { answers: [{ input_tokens: 1 }, right] }, undefined],
    [
      'another total',
      { usage: [{ ...usage, total_tokens: 1 }] },
      'refused: quantities_do_not_add_up /total_tokens',
    ],
    [
      'other cached tokens',
      { answers: [{ ...right, cache_read_tokens: 0 }] },
      'input 3, cached_input 4, audio_input 3, output 5',
    ],
    [
      'audio that the answer lacks',
      { answers: [{ ...right, input_audio_tokens: 0 }] },
      'input 3, cached_input 4, audio_input 3, output 5',
    ],
    ['a refusal', { format: 'gemini' }, 'refused: quantities_do_not_add_up /total_tokens'],
    ['a stream', { usage: [{ prompt_tokens: 10 }, usage] }, undefined],
  ])('of %s', (_case, more, expected) => {
    expect(missOf(one(more))).toBe(expected);
  });
});

describe('score', () => {
  it('counts by provider, alphabetically, and lists what was missed', () => {
    const cases = [one(), one({ provider: 'groq', format: 'x' }), one({ id: 'b' })];
    const { byProvider, misses } = scoreFormats(cases);
    expect([...byProvider]).toEqual([
      ['groq', { read: 0, cases: 1 }],
      ['openai', { read: 2, cases: 2 }],
    ]);
    expect(misses.map(({ id }) => id)).toEqual(['a']);
  });
});
