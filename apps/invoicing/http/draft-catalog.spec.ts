import { CATALOG_TEXT } from '../test/log-writer.js';
import { readDraft } from './draft-catalog.js';

const refusalOf = (sent: unknown): unknown => {
  try {
    return readDraft(sent);
  } catch (problem) {
    const { status, code, errors } = problem as { status: number; code: string; errors: object[] };
    return { status, code, errors };
  }
};

describe('a draft catalog in a request', () => {
  it('is a text in YAML, a text in JSON, or the document itself', () => {
    const yaml = readDraft(CATALOG_TEXT);
    expect([yaml.catalog.version, yaml.mediaType]).toEqual(['2026-11-a', 'application/yaml']);
    const document = {
      version: 'x',
      effective_from: '2026-11-01T00:00:00Z',
      currency: 'USD',
      models: {},
      tiers: { free: { usage: 'free' } },
    };
    expect(readDraft(JSON.stringify(document)).mediaType).toBe('application/json');
    expect(readDraft(document).catalog).toMatchObject({ version: 'x', currency: 'USD' });
  });

  it('that is wrong names the fault and the line of the text', () => {
    const text = CATALOG_TEXT.replace('"10"', '"-10"');
    expect(refusalOf(text)).toMatchObject({
      status: 422,
      code: 'invalid_catalog',
      errors: [
        {
          pointer: '/catalog/models/llama/prices/on_demand/output',
          code: 'negative_price',
          line: 5,
          detail: expect.stringMatching(/^line 5: /),
        },
      ],
    });
    expect(refusalOf('a: [')).toMatchObject({ status: 422, errors: [{ code: 'invalid_yaml' }] });
    expect(refusalOf({})).toMatchObject({ status: 422, errors: expect.arrayContaining([]) });
  });

  it.each([[12], [null], [[]], [true]])('cannot be %j', (sent) => {
    expect(refusalOf(sent)).toMatchObject({ status: 400, errors: [{ pointer: '/catalog' }] });
  });
});
