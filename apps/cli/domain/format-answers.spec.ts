import { objectCase, pricedCase, streamCase } from './format-answers.js';

const reading = (provider_id: string, usage: Record<string, number>) => ({
  usage,
  extractors: [{ provider_id }],
});

describe('format case', () => {
  it.each([
    // provider, usage, format
    ['anthropic', {}, 'anthropic'],
    ['aws-bedrock', {}, 'bedrock'],
    ['cerebras', { prompt_tokens: 1 }, 'openai_chat'],
    ['azure-openai', { input_tokens: 1 }, 'openai_responses'],
    ['gateway', { cache_creation_input_tokens: 0 }, 'anthropic'],
  ])('of %s with %j speaks %s', (provider, usage, format) => {
    expect(objectCase({ id: 'a', provider, usage })).toMatchObject({ format, answers: [] });
  });

  it('of a stream has its events in order', () => {
    const events = [{ usage: { a: 1 } }, { usage: { a: 2 } }];
    expect(streamCase({ id: 'a', provider: 'groq', events }).usage).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('takes the reading of the provider that was asked', () => {
    const expected = [
      reading('x-ai', { output_tokens: 9 }),
      reading('openai', { output_tokens: 5 }),
    ];
    const row = { case_id: 'a', hosts: ['api.openai.com'], body: { usage: {} }, expected };
    expect(pricedCase(row)?.answers).toEqual([{ output_tokens: 5 }]);
    expect(pricedCase({ ...row, hosts: ['example.com'] })).toBeUndefined();
  });

  it('of a test that asked two providers is of the one whose body it is', () => {
    const expected = [
      reading('google', { input_tokens: 1 }),
      reading('openai', { input_tokens: 2 }),
    ];
    const hosts = ['api.openai.com', 'generativelanguage.googleapis.com'];
    const of = (body: Record<string, Record<string, unknown>>) =>
      pricedCase({ case_id: 'a', hosts, body, expected })?.provider;
    expect(of({ usage: { prompt_tokens: 2 } })).toBe('openai');
    expect(of({ usageMetadata: { promptTokenCount: 1 } })).toBe('google-gemini');
  });
});
