import { ACCOUNTS } from '#libs/events/topics.js';
import { decodeFact } from '#libs/events/account-facts.js';
import { CATALOG_TEXT, ControlPlaneStand, faults } from './control-plane-stand.js';

const MODEL = 'llama-3.1-8b-instant';

describe('terms of an organization', () => {
  let stand: ControlPlaneStand;
  let path: string;

  beforeAll(async () => {
    stand = await ControlPlaneStand.start();
    await stand.publish(CATALOG_TEXT);
    path = await stand.registered();
  });

  afterAll(async () => stand.stop());

  it.each([
    // route         body                                                     answer
    ['tier', { tier: 'developer' }, { tier: 'developer', effective_from: '2026-11-24T10:00:00Z' }],
    [
      'tier',
      { tier: 'free', effective_from: '2026-12-01T02:00:00+02:00' },
      { tier: 'free', effective_from: '2026-12-01T00:00:00Z' },
    ],
    [
      'overrides',
      { model: MODEL, service_tier: 'batch', prices: { input: '0.04', output: '0' } },
      {
        model: MODEL,
        service_tier: 'batch',
        prices: { input: '0.04', output: '0' },
        limits: {},
        effective_from: '2026-11-24T10:00:00Z',
        effective_to: null,
      },
    ],
    [
      'overrides',
      { model: MODEL, limits: { tokens_per_minute: 12_000, requests_per_day: null } },
      { service_tier: null, prices: {}, effective_from: '2026-11-24T09:30:00Z' },
    ],
    [
      'overrides',
      { model: MODEL, prices: { input: { price: '0.04', free_units: 1_000_000 } } },
      { prices: { input: { price: '0.04', free_units: 1_000_000 } } },
    ],
    [
      'overrides',
      { discount_percent: '12.5', maximum_charge: null },
      { model: null, discount_percent: '12.5', maximum_charge: null, prices: {}, limits: {} },
    ],
    [
      'credits',
      { amount: '10.50', expires_at: '2027-01-01T00:00:00Z', priority: 1, note: 'welcome' },
      { amount: '10.50', expires_at: '2027-01-01T00:00:00Z', priority: 1, note: 'welcome' },
    ],
  ])('POST %s %j is 201', async (route, body, expected) => {
    const answer = await stand.ask('POST', `${path}/${route}`, body);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ ...expected, organization: 'org_acme' });
    expect(answer.body['position']).toEqual({
      topic: 'accounts',
      partition: 0,
      offset: await stand.facts(),
    });
  });

  it.each([
    // route         body                                       status  faults
    ['tier', {}, 400, ['/tier missing_field']],
    ['tier', { tier: 'gold' }, 422, ['/tier unknown_tier']],
    ['tier', { tier: 'free', effective_from: 'soon' }, 400, ['/effective_from invalid_value']],
    [
      'tier',
      { tier: 'free', effective_from: '2026-11-24T09:00:00Z' },
      422,
      ['/effective_from too_early'],
    ],
    [
      'tier',
      { tier: 'free', effective_from: '2026-11-24T10:30:00Z' },
      422,
      ['/effective_from not_a_whole_hour'],
    ],
    ['overrides', { model: MODEL }, 422, [' empty_override']],
    ['overrides', { model: 'gpt-9', limits: {} }, 422, ['/model unknown_model', ' empty_override']],
    ['overrides', { model: MODEL, prices: [] }, 400, ['/prices invalid_value']],
    ['overrides', { model: MODEL, prices: { input: '-1' } }, 422, ['/prices/input invalid_price']],
    ['overrides', { model: MODEL, prices: { tokens: '1' } }, 422, ['/prices/tokens unknown_pool']],
    ['overrides', { model: MODEL, service_tier: 'fast' }, 400, ['/service_tier invalid_value']],
    ['overrides', { prices: { input: '1' } }, 400, ['/model missing_field']],
    [
      'overrides',
      { discount_percent: '10', limits: { a: 1 } },
      422,
      ['/model missing_field', '/limits/a unknown_limit'],
    ],
    ['overrides', { discount_percent: 10 }, 400, ['/discount_percent invalid_value']],
    ['overrides', { discount_percent: '110' }, 422, ['/discount_percent invalid_percent']],
    [
      'overrides',
      { minimum_commitment: '2', maximum_charge: '1' },
      422,
      ['/minimum_commitment invalid_commitment'],
    ],
    [
      'overrides',
      { model: MODEL, prices: { input: { graduated: [{ up_to: 5, price: '1' }] } } },
      422,
      ['/prices/input/graduated/0/up_to invalid_tiers'],
    ],
    ['credits', { amount: '-1.00' }, 400, ['/amount invalid_value']],
    ['credits', { amount: 1 }, 400, ['/amount invalid_value']],
    ['credits', { amount: '0.00' }, 422, ['/amount invalid_amount']],
    ['credits', { amount: '1.001' }, 422, ['/amount invalid_amount']],
    [
      'credits',
      { amount: '1.00', expires_at: '2026-11-24T09:30:00Z' },
      422,
      ['/expires_at in_the_past'],
    ],
    ['credits', { amount: '1.00', priority: 1.5 }, 400, ['/priority invalid_value']],
  ])('POST %s %j is %s', async (route, body, status, expected) => {
    const before = await stand.facts();
    const answer = await stand.ask('POST', `${path}/${route}`, body);
    expect([answer.status, faults(answer)]).toEqual([status, expected]);
    expect(await stand.facts()).toBe(before);
  });

  it('set a spend limit at once, once', async () => {
    const limit = { amount: '100.00', mode: 'hard', alerts: [50, 80, 100] };
    const first = await stand.ask('PUT', `${path}/spend-limit`, limit);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      ...limit,
      project: null,
      effective_from: '2026-11-24T09:30:00Z',
    });
    const facts = await stand.facts();
    const again = await stand.ask('PUT', `${path}/spend-limit`, limit);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await stand.facts()).toBe(facts);
    const lifted = await stand.ask('PUT', `${path}/spend-limit`, { amount: null });
    expect(lifted.body).toMatchObject({ amount: null, mode: 'hard', alerts: [50, 80, 100] });
    expect((await stand.ask('GET', path)).body['spend_limit']).toBeNull();
  });

  it.each([
    [{}, 400, ['/amount missing_field']],
    [{ amount: 'lots' }, 400, ['/amount invalid_value']],
    [{ amount: '-0.01' }, 400, ['/amount invalid_value']],
    [{ amount: '1', mode: 'firm' }, 400, ['/mode invalid_value']],
    [{ amount: '1', alerts: [0] }, 400, ['/alerts invalid_value']],
    [{ amount: '1', alerts: ['50'] }, 400, ['/alerts invalid_value']],
    [{ amount: '1', effective_from: '2026-11-23T00:00:00Z' }, 422, ['/effective_from in_the_past']],
    [{ amount: '1', limit: '2' }, 400, ['/limit unknown_field']],
  ])('refuse the spend limit %j with %s', async (body, status, expected) => {
    const answer = await stand.ask('PUT', `${path}/spend-limit`, body);
    expect([answer.status, faults(answer)]).toEqual([status, expected]);
  });

  it('are recorded as the facts that readers fold', async () => {
    const records = await stand.log.read(ACCOUNTS, 0, 0);
    const types = new Set(records.map(({ value }) => decodeFact(value).fact.type));
    expect([...types].toSorted()).toEqual([
      'CreditGranted',
      'OrganizationRegistered',
      'OverrideGranted',
      'SpendLimitSet',
      'TierChanged',
    ]);
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(['org_acme']));
  });

  it('replay the answer of the same request', async () => {
    const asking = { headers: { 'idempotency-key': 'credit-for-november' } };
    const grant = async (amount: string) =>
      stand.ask('POST', `${path}/credits`, { amount }, asking);
    const first = await grant('7.00');
    const facts = await stand.facts();
    const again = await grant('7.00');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await stand.facts()).toBe(facts);
    const other = await grant('8.00');
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  it('wait in the outbox while the log is away; the same request finds its fact again', async () => {
    const asking = { headers: { 'idempotency-key': 'credit-while-away' } };
    const grant = async () => stand.ask('POST', `${path}/credits`, { amount: '9.00' }, asking);
    const facts = await stand.facts();
    stand.log.available(false);
    const away = await grant();
    expect([away.status, away.body['code']]).toEqual([503, 'log_unavailable']);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(away.body['detail']).toMatch(/is kept as fact \d+ of accounts and is published/);
    const ready = await stand.ask('GET', '/health/ready', undefined, { key: null });
    expect(ready.status).toBe(503);
    stand.log.available(true);
    const back = await grant();
    expect(back.status).toBe(201);
    expect(await stand.facts()).toBe(facts + 1);
    const { body } = await stand.ask('GET', path);
    const nines = (body['credits'] as { amount: string }[]).filter(
      ({ amount }) => amount === '9.00',
    );
    expect(nines).toHaveLength(1);
  });
});
