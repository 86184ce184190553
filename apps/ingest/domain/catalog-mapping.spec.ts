import type { EventMapping } from '#libs/rating/ingest-mappings.js';
import { mapByCatalog } from './catalog-mapping.js';

const MAPPING: EventMapping = {
  model: { path: ['llm', 'model'] },
  quantities: { input: ['usage', 'in'], output: ['usage', 'out'], audio_ms: ['ms'] },
  project: ['team'],
  user: null,
  serviceTier: null,
  adapter: null,
  poolsIncomplete: true,
};
const llm = { model: 'm' };

describe('catalog mapping', () => {
  it('takes each field from where the catalog says', () => {
    const data = { llm, usage: { in: '12', out: 3 }, ms: 40, team: 'chat', user: 'u-1' };
    expect(mapByCatalog(data, MAPPING)).toEqual({
      data: {
        model: 'm',
        project: 'chat',
        user: 'u-1',
        service_tier: null,
        adapter: null,
        tokens: { input: 12, output: 3 },
        audio_ms: 40,
      },
    });
  });

  it('takes one name for all events of a type', () => {
    const mapping = { ...MAPPING, model: { value: 'whisper' } };
    expect(mapByCatalog({ ms: 1 }, mapping)).toMatchObject({
      data: { model: 'whisper', audio_ms: 1 },
    });
  });

  it.each([
    // data, reason, pointer
    [{ llm }, 'no_usage', '/data'],
    [{ llm, usage: { in: null } }, 'no_usage', '/data'],
    [{ llm, usage: { in: -1 } }, 'invalid_quantity', '/data/usage/in'],
    [{ llm, usage: { in: 1.5 } }, 'invalid_quantity', '/data/usage/in'],
    [{ llm, usage: { in: 'many' } }, 'invalid_quantity', '/data/usage/in'],
  ])('of %j is refused as %s', (data, reason, pointer) => {
    expect(mapByCatalog(data, MAPPING)).toMatchObject({ fault: { reason, pointer } });
  });
});
