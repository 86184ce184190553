// Reservations over HTTP; longer than 300 lines, as one stand serves every way that a reservation goes.
import { ReservationStand } from './reservation-stand.js';

const MINUTE = 60_000;

describe('reservations', () => {
  let quota: ReservationStand;

  beforeAll(async () => {
    quota = await ReservationStand.open();
  });
  afterAll(async () => {
    await quota.close();
  });

  // Each case has an organization of its own.
  let count = 0;
  async function organization(tier = 'developer', limit?: string): Promise<string> {
    count += 1;
    const id = `org_case-${count}`;
    await quota.stand.register(id, tier);
    if (limit !== undefined) await limitSpend(id, limit);
    await quota.known();
    return id;
  }
  async function limitSpend(id: string, amount: string | null, more = {}): Promise<void> {
    await quota.stand.tell({
      type: 'SpendLimitSet',
      organization: id,
      project: null,
      amount,
      mode: 'hard',
      alerts: [50, 100],
      effectiveFrom: quota.stand.now,
      ...more,
    });
  }

  it('hold the worst case, exactly, and show it', async () => {
    const id = await organization();
    const { status, headers, body } = await quota.reserve({ organization: id });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^rsv_[0-9a-z]{26}$/),
      decision_id: `dec_${(body.id as string).slice(4)}`,
      state: 'held',
      // 100 × 5 + 100 × 10 per million.
      held: { requests: 1, tokens: 200, spend_exact: '0.0015' },
      expires_at: new Date(quota.stand.now + 10 * MINUTE).toISOString().replace('.000Z', 'Z'),
    });
    expect(headers.get('meterbook-decision-id')).toBe(body.decision_id);
    expect(headers.get('x-ratelimit-remaining-tokens')).toBe('5800');
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(200);
    expect(await quota.used('llama', 'requests_per_minute', id)).toBe(1);
    expect(await quota.spend(id)).toMatchObject({ spent_exact: '0', held_exact: '0.0015' });
    const again = await quota.call('GET', `/v1/reservations/${body.id}`);
    expect(again.body).toEqual(body);
  });

  it('are the same while they live, and another when the request differs or they are gone', async () => {
    const id = await organization();
    const asked = { organization: id, request_id: 'same' };
    const first = await quota.reserve(asked);
    const second = await quota.reserve(asked);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = await quota.reserve({ ...asked, input_tokens: 101 });
    expect([other.status, other.body.code, other.body.errors[0].pointer]).toEqual([
      422,
      'request_id_reused',
      '/input_tokens',
    ]);
    await quota.call('DELETE', `/v1/reservations/${first.body.id}`);
    const third = await quota.reserve(asked);
    expect(third.body.id).not.toBe(first.body.id);
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(200);
  });

  it('honour an idempotency key, which remembers no refusal', async () => {
    const id = await organization();
    const headers = { 'idempotency-key': `key-of-${id}` };
    const asked = { organization: id, request_id: 'keyed', input_tokens: 5_000 };
    await quota.reserve({ ...asked, request_id: 'full' });
    const refused = await quota.reserve(asked, { headers });
    expect(refused.status).toBe(429);
    quota.stand.now += MINUTE;
    try {
      const first = await quota.reserve(asked, { headers });
      const second = await quota.reserve(asked, { headers });
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(second.body).toEqual(first.body);
      const other = await quota.reserve({ ...asked, input_tokens: 1 }, { headers });
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    } finally {
      quota.stand.now -= MINUTE;
    }
  });

  it('are settled by the event that names them, cached input not counted', async () => {
    const id = await organization();
    const { body } = await quota.reserve({ organization: id });
    const quantities = { input: 30, cached_input: 50, output: 20 };
    await quota.use(body.id, { organization: id, quantities });
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(50);
    expect(await quota.spend(id)).toMatchObject({ spent_exact: '0.000475', held_exact: '0' });
    const { body: after } = await quota.call('GET', `/v1/reservations/${body.id}`);
    expect(after).toMatchObject({
      state: 'settled',
      settled_by: 'event',
      source: 'node-1',
      tokens: quantities,
      spend_exact: '0.000475',
      held: null,
    });
  });

  it('settled by a call wait for their event, which then counts once', async () => {
    const id = await organization();
    const { body } = await quota.reserve({ organization: id });
    const used = { tokens: { input: 50, output: 10 } };
    const settled = await quota.call('POST', `/v1/reservations/${body.id}/settle`, used);
    expect([settled.status, settled.body.state]).toEqual([200, 'settled']);
    const spend = await quota.spend(id);
    expect([spend.spent_exact, spend.held_exact, spend.unconfirmed_exact]).toEqual([
      '0',
      '0',
      '0.00035',
    ]);
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(60);
    await quota.use(body.id, { organization: id, quantities: { input: 50, output: 10 } });
    const after = await quota.spend(id);
    expect([after.spent_exact, after.unconfirmed_exact]).toEqual(['0.00035', '0']);
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(60);
  });

  it('that expire are given back, or settled to the last report', async () => {
    const id = await organization();
    const silent = await quota.reserve({ organization: id, ttl_seconds: 5 });
    const heard = await quota.reserve({ organization: id, ttl_seconds: 5 });
    await quota.call('POST', `/v1/reservations/${heard.body.id}/extend`, {
      tokens: { input: 100, output: 7 },
      ttl_seconds: 5,
    });
    quota.stand.now += 6_000;
    try {
      // A check of the same organization ends them first; nobody waits for the sweep.
      await quota.reserve({ organization: id, input_tokens: 0, max_output_tokens: 0 });
      const states = await Promise.all(
        [silent, heard].map(async ({ body }) => quota.call('GET', `/v1/reservations/${body.id}`)),
      );
      expect(states.map(({ body }) => [body.state, body.settled_by])).toEqual([
        ['expired', null],
        ['settled', 'expiry'],
      ]);
      expect((await quota.spend(id)).unconfirmed_exact).toBe('0.00057');
      // Usage after the end counts all the same, and is told.
      await quota.use(silent.body.id, { organization: id, quantities: { input: 10 } });
      expect((await quota.spend(id)).spent_exact).toBe('0.00005');
      const [late] = await quota.said(id, 1);
      expect(late).toMatchObject({ type: 'reservation_late', source: 'node-1' });
    } finally {
      quota.stand.now -= 6_000;
    }
  });

  it('exceeded by a node are counted, told with its name, and block until refill has paid', async () => {
    const id = await organization();
    const { body } = await quota.reserve({ organization: id });
    await quota.use(body.id, { organization: id, quantities: { input: 100, output: 700 } });
    const [told] = await quota.said(id, 1);
    expect(told).toMatchObject({
      type: 'reservation_exceeded',
      organization: id,
      reservation: body.id,
      source: 'node-1',
      reserved_tokens: 200,
      used_tokens: 800,
      held_exact: '0.0015',
      used_exact: '0.0075',
    });
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(800);
    const refused = await quota.reserve({ organization: id });
    expect(refused.status).toBe(429);
    quota.stand.now += 6_001;
    try {
      expect((await quota.reserve({ organization: id })).status).toBe(201);
    } finally {
      quota.stand.now -= 6_001;
    }
  });

  it('are refused by a full bucket with the exact wait, and nothing is held', async () => {
    const id = await organization();
    await quota.reserve({ organization: id, input_tokens: 4093, max_output_tokens: 0 });
    const refused = await quota.reserve({
      organization: id,
      input_tokens: 3531,
      max_output_tokens: 0,
    });
    expect(refused.status).toBe(429);
    expect(refused.body.error.message).toContain('Limit 6000, Used 4093, Requested 3531');
    expect(refused.body.error.message).toContain('try again in 16.24s');
    expect(await quota.used('llama', 'requests_per_minute', id)).toBe(1);
    const never = await quota.reserve({
      organization: id,
      input_tokens: 15_041,
      max_output_tokens: 0,
    });
    expect(never.status).toBe(413);
  });

  it('of batch work leave the buckets alone', async () => {
    const id = await organization();
    const { status, body } = await quota.reserve({
      organization: id,
      service_tier: 'batch',
      input_tokens: 9_000,
    });
    expect([status, body.held.spend_exact]).toEqual([201, '0.0184']);
    expect(await quota.used('llama', 'tokens_per_minute', id)).toBe(0);
  });

  it('never take a hard limit over its amount, say thresholds once, and block and free', async () => {
    const id = await organization('open', '0.004');
    const [first, second] = [
      await quota.reserve({ organization: id }),
      await quota.reserve({ organization: id }),
    ];
    const third = await quota.reserve({ organization: id });
    expect([first.status, second.status, third.status]).toEqual([201, 201, 400]);
    expect(third.body.error.code).toBe('blocked_api_access');
    expect(third.headers.get('retry-after')).toBeNull();
    for (const { body } of [first, second])
      await quota.use(body.id, { organization: id, quantities: { input: 100, output: 100 } });
    const said = async (least: number) => (await quota.said(id, least)).map(({ type }) => type);
    expect(await said(1)).toEqual(['spend.threshold_crossed']);
    expect(await quota.spend(id)).toMatchObject({
      spent_exact: '0.003',
      remaining_exact: '0.001',
      blocked: false,
      overshoot_bound: '0',
    });
    // Usage that nobody reserved is not bounded, and blocks.
    await quota.use(null, { organization: id, quantities: { input: 200 } });
    await said(4);
    expect((await quota.spend(id)).blocked).toBe(true);
    await limitSpend(id, '0.02');
    await quota.known();
    expect((await quota.reserve({ organization: id })).status).toBe(201);
    expect(await said(5)).toEqual([
      'spend.threshold_crossed',
      'spend.threshold_crossed',
      'limit.reached',
      'organization.blocked',
      'organization.unblocked',
    ]);
  });

  it('count against the limits of their project too', async () => {
    const id = await organization('open');
    await limitSpend(id, '0.002', { project: 'chat' });
    await quota.stand.tell({
      type: 'OverrideGranted',
      organization: id,
      overrideId: `ovr_${id}`,
      project: 'slow',
      model: 'llama',
      serviceTier: null,
      prices: {},
      limits: { requests_per_minute: 1 },
      effectiveFrom: quota.stand.now,
      effectiveTo: null,
    });
    await quota.known();
    const chat = { organization: id, project: 'chat' };
    const slow = { organization: id, project: 'slow' };
    const statuses: number[] = [];
    for (const part of [chat, chat, slow, slow, { organization: id }])
      statuses.push((await quota.reserve(part)).status);
    expect(statuses).toEqual([201, 400, 201, 429, 201]);
    expect((await quota.spend(id)).projects).toEqual([
      expect.objectContaining({ project: 'chat', held_exact: '0.0015', limit: '0.002' }),
    ]);
  });

  it('spend what was paid before on a prepaid tier', async () => {
    const id = await organization('prepaid');
    expect((await quota.reserve({ organization: id })).status).toBe(400);
    await quota.stand.tell({
      type: 'CreditGranted',
      organization: id,
      creditId: `crd_${id}`,
      amount: '0.003',
      expiresAt: null,
      priority: 50,
      note: null,
    });
    await quota.known();
    const statuses: number[] = [];
    for (let times = 0; times < 3; times += 1)
      statuses.push((await quota.reserve({ organization: id })).status);
    expect(statuses).toEqual([201, 201, 400]);
    expect((await quota.spend(id)).credit_exact).toBe('0.003');
  });

  it('of a free tier hold no money', async () => {
    const id = await organization('free', '0.000001');
    const { status, body } = await quota.reserve({ organization: id });
    expect([status, body.held.spend_exact]).toEqual([201, '0']);
  });
});
