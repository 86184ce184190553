import { newApiKey } from '#libs/http/api-key.js';
import { ReservationStand } from './reservation-stand.js';

const DAY = 86_400_000;

describe('bad input of reservations', () => {
  let quota: ReservationStand;
  const own = newApiKey();

  beforeAll(async () => {
    quota = await ReservationStand.open();
    await quota.stand.register('org_acme', 'open');
    await quota.stand.register('org_other', 'open');
    await quota.stand.tell({
      type: 'ApiKeyCreated',
      organization: 'org_other',
      keyId: own.id,
      name: 'gateway',
      hash: own.hash,
      scopes: ['quota:reserve'],
      expiresAt: null,
    });
    await quota.known();
  });
  afterAll(async () => {
    await quota.close();
  });

  it.each([
    // part                                      status  pointer and code
    [{ input_tokens: -1 }, 400, '/input_tokens'],
    [{ input_tokens: 1.5 }, 400, '/input_tokens'],
    [{ input_tokens: '10' }, 400, '/input_tokens'],
    [{ input_tokens: 2 ** 53 }, 400, '/input_tokens'],
    [{ input_tokens: undefined }, 400, '/input_tokens'],
    [{ max_output_tokens: -1 }, 400, '/max_output_tokens'],
    [{ max_output_tokens: undefined }, 400, '/max_output_tokens'],
    [{ audio_ms: -1 }, 400, '/audio_ms'],
    [{ ttl_seconds: 0 }, 400, '/ttl_seconds'],
    [{ ttl_seconds: 86_401 }, 400, '/ttl_seconds'],
    [{ request_id: '' }, 400, '/request_id'],
    [{ request_id: 'a b' }, 400, '/request_id'],
    [{ organization: 'acme' }, 400, '/organization'],
    [{ organization: undefined }, 400, '/organization'],
    [{ model: 'gpt-9' }, 400, '/model'],
    [{ model: '' }, 400, '/model'],
    [{ project: 'a\u0000b' }, 400, '/project'],
    [{ service_tier: 'turbo' }, 400, '/service_tier'],
    [{ service_tier: 'flex' }, 400, '/service_tier'],
    [{ adapter: 'my-lora' }, 400, '/adapter'],
    [{ tokens: 5 }, 400, '/tokens'],
  ])('%j is %i at %s', async (part, status, pointer) => {
    const { status: got, body, headers } = await quota.reserve(part);
    expect([got, body.errors?.[0]?.pointer]).toEqual([status, pointer]);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('meterbook-decision-id')).toBeNull();
  });

  it('of an absurd estimate is decided like any other', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const { status, body } = await quota.reserve({ input_tokens: most, max_output_tokens: most });
    expect([status, body.held.spend_exact]).toEqual([201, '135107988821.114865']);
    await quota.call('DELETE', `/v1/reservations/${body.id}`);
  });

  it('of an unknown organization, or another one with a bound key, is 404', async () => {
    const unknown = await quota.reserve({ organization: 'org_nobody' });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'unknown_organization']);
    const foreign = await quota.reserve({}, { key: own.key });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'unknown_organization']);
    const mine = await quota.reserve({ organization: 'org_other' }, { key: own.key });
    expect(mine.status).toBe(201);
    const unsaid = await quota.reserve({ organization: undefined }, { key: own.key });
    expect([unsaid.status, unsaid.body.organization]).toEqual([201, 'org_other']);
    const { body } = await quota.reserve();
    const path = `/v1/reservations/${body.id}`;
    for (const [method, tail, sent] of [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['POST', '/settle', { tokens: {} }],
      ['POST', '/extend', {}],
    ] as const) {
      const found = await quota.call(method, `${path}${tail}`, sent, { key: own.key });
      expect([method, found.status, found.body.code]).toEqual([method, 404, 'unknown_reservation']);
    }
  });

  it.each([
    [{ tokens: { input: -1 } }, '/tokens/input'],
    [{ tokens: { input: 0.5 } }, '/tokens/input'],
    [{ tokens: { prompt: 1 } }, '/tokens/prompt'],
    [{ tokens: 'many' }, '/tokens'],
    [{}, '/tokens'],
    [{ tokens: {}, audio_ms: -1 }, '/audio_ms'],
  ])('settling to %j is 400 at %s', async (sent, pointer) => {
    const { body } = await quota.reserve();
    const found = await quota.call('POST', `/v1/reservations/${body.id}/settle`, sent);
    expect([found.status, found.body.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('out of order is answered as documented', async () => {
    const made = async () => (await quota.reserve()).body.id as string;
    const ask = async (id: string, verb: string, sent?: object) => {
      const method = verb === '' ? 'DELETE' : 'POST';
      const tail = verb === '' ? '' : `/${verb}`;
      const found = await quota.call(method, `/v1/reservations/${id}${tail}`, sent);
      return `${found.status} ${found.body?.code ?? found.body?.state ?? ''}`.trim();
    };
    const some = { tokens: { input: 5, output: 2 } };
    const [settled, released, reported, expired] = [
      await made(),
      await made(),
      await made(),
      await made(),
    ];
    expect(await ask(settled, 'settle', some)).toBe('200 settled');
    expect(await ask(settled, 'settle', some)).toBe('200 settled');
    expect(await ask(settled, 'settle', { tokens: { input: 6 } })).toBe('409 reservation_settled');
    expect(await ask(settled, '')).toBe('409 reservation_settled');
    expect(await ask(settled, 'extend', {})).toBe('409 reservation_settled');
    expect(await ask(released, '')).toBe('204');
    expect(await ask(released, '')).toBe('204');
    expect(await ask(released, 'settle', some)).toBe('409 reservation_released');
    expect(await ask(released, 'extend', {})).toBe('409 reservation_released');
    expect(await ask(reported, 'extend', some)).toBe('200 held');
    expect(await ask(reported, 'extend', { tokens: { input: 4, output: 2 } })).toBe(
      '409 below_reported',
    );
    expect(await ask(reported, 'extend', { max_output_tokens: 1 })).toBe('409 below_reported');
    quota.stand.now += 601_000;
    try {
      expect(await ask(expired, 'extend', {})).toBe('409 reservation_expired');
      expect(await ask(expired, '')).toBe('204');
      expect(await ask(expired, 'settle', some)).toBe('200 settled');
    } finally {
      quota.stand.now -= 601_000;
    }
    expect(await ask('rsv_unknown', 'settle', some)).toBe('404 unknown_reservation');
  });

  it('a clock that goes backwards refuses nothing more and frees nothing', async () => {
    await quota.stand.register('org_back', 'developer');
    await quota.known();
    const asked = { organization: 'org_back', input_tokens: 2_500, max_output_tokens: 0 };
    await quota.reserve(asked);
    quota.stand.now -= 60_000;
    try {
      const statuses = [(await quota.reserve(asked)).status, (await quota.reserve(asked)).status];
      expect(statuses).toEqual([201, 429]);
    } finally {
      quota.stand.now += 60_000;
    }
  });

  it('a new month spends anew, and what is still held counts in it', async () => {
    await quota.stand.register('org_month', 'open');
    await quota.stand.tell({
      type: 'SpendLimitSet',
      organization: 'org_month',
      project: null,
      amount: '0.003',
      mode: 'hard',
      alerts: [],
      effectiveFrom: quota.stand.now,
    });
    await quota.known();
    const asked = { organization: 'org_month', ttl_seconds: 86_400 };
    const back = quota.stand.now;
    quota.stand.now = Date.UTC(2026, 10, 30, 23, 59);
    try {
      const first = await quota.reserve(asked);
      await quota.use(first.body.id, {
        organization: 'org_month',
        quantities: { input: 100, output: 100 },
      });
      const second = await quota.reserve(asked);
      expect([(await quota.reserve(asked)).status, second.status]).toEqual([400, 201]);
      quota.stand.now += 120_000;
      expect(await quota.spend('org_month')).toMatchObject({
        spent_exact: '0',
        held_exact: '0.0015',
      });
      expect([(await quota.reserve(asked)).status, (await quota.reserve(asked)).status]).toEqual([
        201, 400,
      ]);
      quota.stand.now += DAY;
      expect((await quota.reserve(asked)).status).toBe(201);
    } finally {
      quota.stand.now = back;
    }
  });
});
