import { ACME, CATALOG_TEXT, ControlPlaneStand, faults } from './control-plane-stand.js';

const ORG = '/v1/organizations/org_acme';

describe('organizations', () => {
  let stand: ControlPlaneStand;

  beforeEach(async () => {
    stand = await ControlPlaneStand.start();
  });

  afterEach(async () => stand.stop());

  it('are registered once, and changed by another body', async () => {
    const first = await stand.ask('PUT', ORG, { ...ACME, legal_name: 'Acme Inc.' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      id: 'org_acme',
      ...ACME,
      legal_name: 'Acme Inc.',
      email: null,
      tax_ids: [],
      effective_from: '2026-11-24T09:00:00Z',
      registered_at: '2026-11-24T09:30:00Z',
      tiers: [{ tier: 'free', effective_from: '2026-11-24T09:00:00Z' }],
      position: { topic: 'accounts', partition: 0, offset: 1 },
    });
    const again = await stand.ask('PUT', ORG, { ...ACME, legal_name: 'Acme Inc.' });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(await stand.facts()).toBe(1);
    const changed = await stand.ask('PUT', ORG, { ...ACME, name: 'Acme Ltd' });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      name: 'Acme Ltd',
      legal_name: null,
      position: { offset: 2 },
    });
  });

  it('are shown with everything that was agreed', async () => {
    await stand.publish(CATALOG_TEXT);
    const path = await stand.registered();
    await stand.ask('POST', `${path}/tier`, { tier: 'developer' });
    await stand.ask('PUT', `${path}/spend-limit`, { amount: '100.00', mode: 'hard', alerts: [50] });
    await stand.ask('POST', `${path}/overrides`, {
      model: 'llama-3.1-8b-instant',
      prices: { input: '0.04' },
    });
    await stand.ask('POST', `${path}/credits`, { amount: '10.00' });
    const key = await stand.key('org_acme', 'usage:read');
    const { status, body } = await stand.ask('GET', path, undefined, { key });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tier: 'free',
      next_tier: { tier: 'developer', effective_from: '2026-11-24T10:00:00Z' },
      spend_limit: { amount: '100.00', mode: 'hard', alerts: [50], project: null },
      overrides: [
        {
          model: 'llama-3.1-8b-instant',
          service_tier: null,
          prices: { input: '0.04' },
          effective_from: '2026-11-24T10:00:00Z',
          effective_to: null,
        },
      ],
      credits: [{ amount: '10.00', priority: 50, expires_at: null }],
      keys: [{ id: key.slice(3, 11), scopes: ['usage:read'], revoked_at: null }],
    });
    expect(JSON.stringify(body)).not.toContain(key.slice(12, 44));
    stand.now += 1_800_000;
    expect((await stand.ask('GET', path)).body).toMatchObject({
      tier: 'developer',
      next_tier: null,
    });
  });

  it('are listed in pages', async () => {
    for (const id of ['org_c', 'org_a', 'org_b']) await stand.registered(id);
    const first = await stand.ask('GET', '/v1/organizations?limit=2');
    const ids = ({ data }: { data?: { id: string }[] }) => data?.map(({ id }) => id);
    expect(ids(first.body)).toEqual(['org_a', 'org_b']);
    const cursor = first.body['next_cursor'] as string;
    const second = await stand.ask('GET', `/v1/organizations?limit=2&cursor=${cursor}`);
    expect(ids(second.body)).toEqual(['org_c']);
    expect(second.body['next_cursor']).toBeNull();
    const key = await stand.key('org_b', 'billing:read');
    const own = await stand.ask('GET', '/v1/organizations', undefined, { key });
    expect(ids(own.body)).toEqual(['org_b']);
  });

  it.each([
    // body                                       status  faults
    [{ ...ACME, name: undefined }, 400, ['/name missing_field']],
    [{ ...ACME, name: '' }, 400, ['/name invalid_value']],
    [{ ...ACME, name: 7 }, 400, ['/name invalid_value']],
    [{ ...ACME, currency: 'dollars' }, 400, ['/currency invalid_value']],
    [{ ...ACME, profile: 'mistral' }, 400, ['/profile invalid_value']],
    [{ ...ACME, email: 'nobody' }, 400, ['/email invalid_value']],
    [{ ...ACME, tax_ids: 'DE1' }, 400, ['/tax_ids invalid_value']],
    [{ ...ACME, state: 'active' }, 400, ['/state unknown_field']],
    [{ ...ACME, tier: 'gold' }, 422, ['/tier unknown_tier']],
    [{ ...ACME, currency: 'EUR' }, 422, ['/currency unknown_currency']],
  ])('refuse %j with %s', async (body, status, expected) => {
    await stand.publish(CATALOG_TEXT);
    const answer = await stand.ask('PUT', ORG, body);
    expect([answer.status, faults(answer)]).toEqual([status, expected]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await stand.facts()).toBe(0);
  });

  it('refuse another tier or currency in a PUT', async () => {
    await stand.registered();
    const tier = await stand.ask('PUT', ORG, { ...ACME, tier: 'developer' });
    expect([tier.status, faults(tier)]).toEqual([422, ['/tier tier_has_its_own_route']]);
    expect(tier.body['detail']).toContain('POST /v1/organizations/org_acme/tier');
    const currency = await stand.ask('PUT', ORG, { ...ACME, currency: 'EUR' });
    expect([currency.status, faults(currency)]).toEqual([422, ['/currency currency_is_fixed']]);
  });

  it.each(['acme', 'org_', 'org_ACME', `org_${'a'.repeat(61)}`])('refuse the id %s', async (id) => {
    const answer = await stand.ask('PUT', `/v1/organizations/${id}`, ACME);
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_organization_id']);
  });

  it.each([
    ['GET', '', undefined],
    ['POST', '/tier', { tier: 'developer' }],
    ['PUT', '/spend-limit', { amount: null }],
    ['POST', '/overrides', { model: 'm', prices: { input: '1' } }],
    ['POST', '/credits', { amount: '1.00' }],
    ['POST', '/api-keys', { name: 'x', scopes: ['usage:read'] }],
    ['DELETE', '/api-keys/abcdefgh', undefined],
  ])('are 404 when unknown: %s %s', async (method, path, body) => {
    const { status, body: problem } = await stand.ask(
      method,
      `/v1/organizations/org_x${path}`,
      body,
    );
    const code = method === 'DELETE' ? 'unknown_api_key' : 'unknown_organization';
    expect([status, problem['code']]).toEqual([404, code]);
  });

  it('are open to nobody without the scope, and hide from other organizations', async () => {
    const path = await stand.registered();
    await stand.registered('org_other');
    const reader = await stand.key('org_acme', 'usage:read');
    const stranger = await stand.key('org_other', 'billing:read');
    const node = await stand.key('org_acme', 'usage:write');
    const owner = await stand.key('org_other', 'admin');
    const status = async (method: string, key: string | null, at = path, body?: unknown) =>
      (await stand.ask(method, at, body, { key })).status;
    expect(await status('GET', null)).toBe(401);
    expect(await status('GET', reader)).toBe(200);
    expect(await status('GET', stranger)).toBe(404);
    expect(await status('GET', node)).toBe(403);
    expect(await status('PUT', reader, path, ACME)).toBe(403);
    expect(await status('PUT', owner, path, ACME)).toBe(404);
    expect(await status('POST', owner, `${path}/credits`, { amount: '1.00' })).toBe(404);
    expect(await status('POST', owner, '/v1/api-keys', { name: 'x', scopes: ['ops'] })).toBe(403);
    expect(await status('GET', owner, '/v1/api-keys')).toBe(403);
    expect(await status('DELETE', stand.adminKey)).toBe(405);
  });
});
