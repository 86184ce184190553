import { type Answer, type Door, openDoor } from './door.js';
import { Stand } from './stand.js';

const on = (input: string, output: string) => ({ on_demand: { input, output } });
/** Made up. */
const OWN = {
  source: 'own',
  as_of: '2026-11-02',
  title: 'Made up',
  url: 'https://prices.example/list',
  prices: {
    cheap: { 'llama-3.3-70b-instruct': on('2', '4'), 'llama-3.1-8b': on('0.1', '0.2') },
    dear: { 'meta-llama/Llama-3.3-70B-Instruct-Turbo': on('9', '9'), broken: { on_demand: {} } },
  },
};
const MAP = {
  'long/llama-3.3-70b': {
    litellm_provider: 'long',
    mode: 'chat',
    input_cost_per_token: 1e-6,
    input_cost_per_token_above_200k_tokens: 2e-6,
  },
};

interface Row {
  readonly provider: string;
  readonly model: string | null;
  readonly matched_model: string;
}

describe('prices of other providers, for everyone', () => {
  let stand: Stand;
  let door: Door;
  const send = async (body: unknown) =>
    door.call('/v1/price-lists', { method: 'POST', body: JSON.stringify(body) });
  const read = async (query = ''): Promise<Answer> =>
    door.call(`/v1/price-lists/current${query}`, { key: '' });
  const names = (answer: Answer) =>
    (answer.body.data as Row[]).map(({ provider, matched_model }) => [provider, matched_model]);

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await door.call('/health/live');
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('are none before a list is loaded', async () => {
    const { status, body, headers } = await read('?model=llama-3.3-70b-versatile');
    expect([status, body]).toEqual([200, { data: [], next_cursor: null, price_lists: [] }]);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
  });

  it('are the newest list of each source, each price with its day and its source', async () => {
    const older = { ...OWN, as_of: '2026-10-01', prices: { gone: { m: on('1', '1') } } };
    for (const list of [older, OWN, { source: 'litellm', as_of: '2026-11-01', prices: MAP }])
      expect((await send(list)).status).toBe(201);
    const { body } = await read('?model=llama-3.3-70b-versatile&provider=cheap,long');
    expect(body.data).toEqual([
      {
        provider: 'cheap',
        model: 'llama-3.3-70b-versatile',
        matched_model: 'llama-3.3-70b-instruct',
        match: 'alias',
        currency: 'USD',
        prices: {
          on_demand: {
            input: { price_per_million: '2', above_context: [] },
            cached_input: { price_per_million: '2', above_context: [] },
            output: { price_per_million: '4', above_context: [] },
            reasoning: { price_per_million: '4', above_context: [] },
          },
        },
        source: 'own',
        title: 'Made up',
        url: 'https://prices.example/list',
        as_of: '2026-11-02',
        age_days: 14,
      },
      expect.objectContaining({
        provider: 'long',
        matched_model: 'long/llama-3.3-70b',
        source: 'litellm',
        title: null,
        prices: {
          on_demand: expect.objectContaining({
            input: {
              price_per_million: '1',
              above_context: [{ tokens: 200_000, price_per_million: '2' }],
            },
          }),
        },
      }),
    ]);
    expect(body.price_lists).toMatchObject([
      { source: 'litellm', as_of: '2026-11-01', models: 1 },
      { source: 'own', as_of: '2026-11-02', models: 3, refused: 1, title: 'Made up' },
    ]);
  });

  it('are of every listed model, page by page, when none is chosen', async () => {
    const all = names(await read());
    expect(all).toEqual([
      ['cheap', 'llama-3.1-8b'],
      ['cheap', 'llama-3.3-70b-instruct'],
      ['dear', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
      ['long', 'long/llama-3.3-70b'],
    ]);
    for (const query of ['?limit=1', '?limit=1&provider=cheap,dear,long']) {
      const seen = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await read(cursor === '' ? query : `${query}&cursor=${cursor}`);
        seen.push(...names(page));
        cursor = page.body.next_cursor as string | null;
      }
      expect(seen).toEqual(all);
    }
  });

  it.each([
    ['?model=house-model', []],
    ['?provider=nobody', []],
    ['?model=llama-3.1-8b-instant&model=house-model', [['cheap', 'llama-3.1-8b']]],
    ['?provider=dear', [['dear', 'meta-llama/Llama-3.3-70B-Instruct-Turbo']]],
  ])('narrowed by %s are %j', async (query, wanted) => {
    expect(names(await read(query))).toEqual(wanted);
  });

  it.each([
    ['?model=', '?model'],
    [`?model=${Array.from({ length: 21 }, (_, index) => `m${index}`).join(',')}`, '?model'],
    ['?cursor=AAAA', '?cursor'],
    ['?limit=0', '?limit'],
    ['?organization=org_acme', '?organization'],
  ])('with %s are refused at %s', async (query, pointer) => {
    const { status, body } = await read(query);
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });

  it.each([
    [{ ...OWN, title: '' }, 400, '/title'],
    [{ ...OWN, title: 'a\nb' }, 400, '/title'],
    [{ ...OWN, url: 'javascript:alert(1)' }, 400, '/url'],
    [{ ...OWN, prices: [] }, 422, '/prices'],
  ])('of a list like %j are refused', async (list, status, pointer) => {
    const answer = await send(list);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([status, pointer]);
  });
});
