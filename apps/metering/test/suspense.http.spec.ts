import { ReadStand } from './read-stand.js';
import { publish, register } from './read-terms.js';

describe('suspense door', () => {
  let stand: ReadStand;

  async function rows(query = '', key = 'all'): Promise<string[]> {
    const { body } = await stand.get(`/v1/suspense?${query}`, key);
    return (body['data'] as Record<string, string>[]).map((row) =>
      [
        row['organization'],
        row['reason'],
        row['model'],
        row['service_tier'],
        row['adapter'],
        row['quantity'],
        row['units'],
      ].join(' '),
    );
  }

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(0, 7);
    await register(stand.source, 'org_a');
    await stand.hours(
      { hour: '2026-11-16T09:00Z', counts: { input: 10, searches: 2 }, requests: 4 },
      { hour: '2026-11-16T09:00Z', project: 'p', counts: { searches: 1 }, requests: 2 },
      { hour: '2026-11-20T09:00Z', counts: { searches: 5, output: 1 }, requests: 8 },
      {
        hour: '2026-11-16T09:00Z',
        model: 'n',
        service_tier: 'batch',
        adapter: 'x',
        counts: { output: 7 },
      },
      // Voided: nothing waits.
      { hour: '2026-11-01T09:00Z', model: 'void', requests: 0 },
      {
        hour: '2026-11-16T10:00Z',
        organization: 'org_b',
        counts: { input: '36893488147419103233' },
      },
    );
  });
  afterAll(async () => stand.close());

  it('is all usage before a catalog was published', async () => {
    expect(await rows('organization=org_a')).toEqual([
      'org_a unpriced m on_demand  input 10',
      'org_a unpriced m on_demand  output 1',
      'org_a unpriced m on_demand  searches 8',
      'org_a unpriced n batch x output 7',
    ]);
  });

  it('is what has no price, in the hours of it, and what has no account', async () => {
    await publish(stand.source, 1, '2026-11-01T00:00:00Z');
    const { status, body, text } = await stand.get('/v1/suspense', 'all');
    expect(status).toBe(200);
    expect(body).toMatchObject({ next_cursor: null, as_of: { lag_ms: 0 } });
    const [first] = body['data'] as unknown[];
    expect(first).toEqual({
      organization: 'org_a',
      reason: 'unpriced',
      model: 'm',
      service_tier: 'on_demand',
      adapter: null,
      quantity: 'searches',
      units: 8,
      from: '2026-11-16T09:00:00Z',
      to: '2026-11-20T10:00:00Z',
      requests: 14,
    });
    expect(await rows('organization=org_b')).toHaveLength(1);
    expect(text).toContain('"units":36893488147419103233');
    expect(text).toContain('"reason":"unknown_organization"');
  });

  it('shows a bound key its own alone, and lets ops see all', async () => {
    expect(await rows('', 'a')).toEqual([
      'org_a unpriced m on_demand  searches 8',
      'org_a unpriced n batch x output 7',
    ]);
    expect(await rows('', 'b')).toHaveLength(1);
    expect(await rows('', 'ops')).toHaveLength(3);
  });

  it('pages without a row twice or left out', async () => {
    const pages = await stand.pages('/v1/suspense?limit=1', 'all');
    expect(pages.map((page) => page.map(({ quantity }) => quantity))).toEqual([
      ['searches'],
      ['output'],
      ['input'],
    ]);
  });

  it('keeps the hours before a price came into force, and lets go of those after', async () => {
    const more = '  n: { prices: {}, adapters: { lora: { batch: { output: "1" } } } }';
    const prices = 'input: "5", output: "10", searches: "1"';
    await publish(stand.source, 2, '2026-11-18T00:00:00Z', { more, prices });
    expect(await rows('', 'a')).toEqual([
      'org_a unpriced m on_demand  searches 3',
      'org_a unpriced n batch x output 7',
    ]);
    await register(stand.source, 'org_b');
    expect(await rows('', 'b')).toEqual([]);
  });

  it.each([
    ['organization=org_b', 'a', 404, 'unknown_organization'],
    ['organization=b', 'all', 400, 'invalid_request', '?organization invalid_value'],
    ['cursor=x', 'a', 400, 'invalid_request', '?cursor invalid_cursor'],
    ['limit=501', 'a', 400, 'invalid_request', '?limit invalid_value'],
    ['model=m', 'a', 400, 'invalid_request', '?model unknown_parameter'],
    ['', 'write', 403, 'missing_scope'],
    ['', '', 401, 'missing_api_key'],
  ])('refuses %s with the key %j', async (query, key, ...refusal) => {
    expect(await stand.refusal(`/v1/suspense?${query}`, key)).toEqual(refusal);
  });
});
