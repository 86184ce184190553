import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { Stand } from './stand.js';

const chat = (litellm_provider: string, input: number, output: number, more = {}) => ({
  litellm_provider,
  mode: 'chat',
  input_cost_per_token: input,
  output_cost_per_token: output,
  ...more,
});
/** Made up; in the form of LiteLLM's map. */
const MAP = {
  'cheap/llama-3.3-70b': chat('cheap', 2e-6, 4e-6, {
    cache_read_input_token_cost: 1e-6,
    input_cost_per_token_batches: 1e-6,
  }),
  'cheap/llama-3.1-70b': chat('cheap', 1e-9, 1e-9),
  'dear/meta-llama/Llama-3.3-70B-Instruct-Turbo': chat('dear', 9e-6, 9e-6),
  'old/llama-2-70b-chat': chat('old', 3e-6, 3e-6),
  'other/gpt-x': chat('other', 1e-6, 1e-6),
  sample_spec: { litellm_provider: 'x' },
};
const load = (prices: unknown = MAP, more = {}) => ({
  source: 'litellm',
  as_of: '2026-08-06',
  prices,
  ...more,
});

describe('comparison', () => {
  let stand: Stand;
  let door: Door;
  let acme: string;
  let reader: string;

  const send = async (body: unknown, key?: string) =>
    door.call('/v1/price-lists', {
      method: 'POST',
      body: JSON.stringify(body),
      ...(key !== undefined && { key }),
    });
  const compare = async (query = '', key = acme) =>
    door.call(`/v1/comparison?period=2026-11${query}`, { key });

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish(`version: 2026-11-a
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama-3.3-70b-versatile: { prices: { on_demand: { input: "5", output: "10" }, batch: { input: "2" } } }
  house-model: { prices: { on_demand: { input: "1" } } }
tiers:
  developer: { monthly_fee: "0", usage: metered, features: [] }
`);
    await stand.register('org_acme');
    await stand.register('org_idle');
    acme = await stand.key('org_acme');
    reader = await stand.key(null, ['billing:read']);
    const model = 'llama-3.3-70b-versatile';
    await stand.meter([
      metered('a', { at: NOON, model, quantities: { input: 1_000_000, output: 500_000 } }),
      metered('b', { at: NOON, model, serviceTier: 'batch', quantities: { input: 1_000_000 } }),
      metered('c', { at: NOON, model, quantities: { audio_input: 7 } }),
      metered('d', { at: NOON, model: 'house-model', quantities: { input: 10 } }),
    ]);
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('without a list has nothing to compare with, and says so', async () => {
    const { status, body } = await compare();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: [],
      next_cursor: null,
      own: { total_exact: '12.00001', currency: 'USD' },
      unmatched: ['house-model', 'llama-3.3-70b-versatile'],
      price_lists: [],
    });
  });

  describe('with lists', () => {
    let loaded: Awaited<ReturnType<typeof send>>;
    beforeAll(async () => {
      const old = { 'cheap/llama-3.3-70b': chat('cheap', 9, 9) };
      await send(load(old, { as_of: '2026-07-01' }));
      loaded = await send(load());
    });

    it('says what of a list was taken, and what was not', () => {
      const { status, body } = loaded;
      expect([status, body]).toEqual([
        201,
        {
          title: null,
          url: null,
          id: expect.stringMatching(/^prl_/),
          source: 'litellm',
          as_of: '2026-08-06',
          age_days: 102,
          models: 5,
          refused: 1,
          loaded_at: '2026-11-16T12:00:00Z',
          left_out: 0,
          refused_entries: [{ entry: 'sample_spec', reason: expect.any(String) }],
        },
      ]);
    });

    it('prices own usage as each provider would, the cheapest first', async () => {
      const { body } = await compare();
      const model = 'llama-3.3-70b-versatile';
      const common = { model, own_exact: '12', source: 'litellm', as_of: '2026-08-06' };
      expect(body.data).toEqual([
        {
          ...common,
          provider: 'cheap',
          matched_model: 'cheap/llama-3.3-70b',
          match: 'alias',
          // 1 M at 2, 0.5 M at 4, and a million of a batch at 1.
          total_exact: '5',
          currency: 'USD',
          own_currency: 'USD',
          unpriced: [{ pool: 'audio_input', quantity: 7 }],
          priced_as_on_demand: [],
          age_days: 102,
        },
        expect.objectContaining({
          ...common,
          provider: 'old',
          match: 'family',
          total_exact: '7.5',
          priced_as_on_demand: ['batch'],
        }),
        expect.objectContaining({
          ...common,
          provider: 'dear',
          match: 'alias',
          matched_model: 'dear/meta-llama/Llama-3.3-70B-Instruct-Turbo',
          total_exact: '22.5',
        }),
      ]);
      expect(body.unmatched).toEqual(['house-model']);
      expect(body.price_lists).toMatchObject([{ source: 'litellm', as_of: '2026-08-06' }]);
    });

    it.each([
      ['&match=alias', ['cheap', 'dear']],
      ['&match=exact', []],
      ['&match=alias,family&provider=old', ['old']],
      ['&provider[]=cheap&provider[]=dear', ['cheap', 'dear']],
    ])('filtered by %s has %j', async (query, providers) => {
      const { body } = await compare(query);
      expect(body.data.map((one: { provider: string }) => one.provider)).toEqual(providers);
    });

    it('comes in pages', async () => {
      const first = await compare('&limit=2');
      const second = await compare(`&limit=2&cursor=${first.body.next_cursor}`);
      const all = [...first.body.data, ...second.body.data];
      expect(all.map((one: { provider: string }) => one.provider)).toEqual([
        'cheap',
        'old',
        'dear',
      ]);
      expect(second.body.next_cursor).toBeNull();
    });

    it('takes a second source beside the first, and a list of the same day in its place', async () => {
      const catalogue = [
        {
          id: 'p',
          models: [{ id: 'llama-3.3-70b-instruct', prices: { input_mtok: 1, output_mtok: 1 } }],
        },
      ];
      const more = { source: 'genai_prices', as_of: '2026-11-16' };
      expect((await send(load(catalogue, more))).status).toBe(201);
      expect((await send(load(catalogue, more))).body.models).toBe(1);
      const { body } = await compare('&provider=p');
      expect(body.data).toMatchObject([
        { total_exact: '2.5', source: 'genai_prices', as_of: '2026-11-16', age_days: 0 },
      ]);
      const { body: lists } = await door.call('/v1/price-lists');
      expect(lists.data.map((one: { as_of: string }) => one.as_of)).toEqual([
        '2026-11-16',
        '2026-08-06',
        '2026-07-01',
      ]);
    });

    it('of an organization without usage is empty', async () => {
      const { body } = await compare('&organization=org_idle', reader);
      expect(body).toMatchObject({ data: [], unmatched: [], own: { total_exact: '0' } });
    });
  });

  it.each([
    ['/v1/comparison', 400, 'invalid_request', '?period'],
    ['/v1/comparison?period=2026-13&organization=org_acme', 400, 'invalid_request', '?period'],
    ['/v1/comparison?period=2026-11', 400, 'invalid_request', '?organization'],
    [
      '/v1/comparison?period=2026-11&organization=org_acme&match=sure',
      400,
      'invalid_request',
      '?match',
    ],
    [
      '/v1/comparison?period=2026-11&organization=org_acme&cursor=x',
      400,
      'invalid_request',
      '?cursor',
    ],
    [
      '/v1/comparison?period=2026-11&organization=org_ghost',
      404,
      'unknown_organization',
      undefined,
    ],
  ])('refuses %s', async (path, status, code, pointer) => {
    const answer = await door.call(path);
    expect([answer.status, answer.body.code, answer.body.errors[0]?.pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
  });

  it.each([
    [load(MAP, { source: 'x' }), 400, 'invalid_request', '/source'],
    [load(MAP, { as_of: '2026-02-30' }), 400, 'invalid_request', '/as_of'],
    [load(MAP, { as_of: '2027-01-01' }), 400, 'invalid_request', '/as_of'],
    [load(MAP, { as_of: 'today' }), 400, 'invalid_request', '/as_of'],
    [{ source: 'litellm', as_of: '2026-08-06' }, 400, 'invalid_request', '/prices'],
    [load([]), 422, 'invalid_price_list', '/prices'],
    [load({}, { source: 'genai_prices' }), 422, 'invalid_price_list', '/prices'],
  ])('refuses a list %#', async (body, status, code, pointer) => {
    const answer = await send(body);
    expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
  });

  it('is not for other organizations, and lists are loaded by admins', async () => {
    expect((await compare('&organization=org_idle')).body.code).toBe('unknown_organization');
    expect((await send(load(), acme)).status).toBe(403);
    expect((await send(load(), '')).status).toBe(401);
  });
});
