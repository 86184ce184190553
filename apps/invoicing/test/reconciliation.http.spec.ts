import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { type FakePeer, openFakePeer } from './fake-peer.js';
import { NOON } from './log-writer.js';
import { ADMIN_KEY, Stand } from './stand.js';

const PATH = '/v1/reconciliation?organization=org_acme&period=2026-11';

describe('reconciliation', () => {
  let stand: Stand;
  let door: Door;
  let metering: FakePeer;
  let quota: FakePeer;
  /** What invoicing itself says: its peers repeat it, or not. */
  let own: Record<string, unknown>;
  let keys: Record<'acme' | 'other' | 'usage', string>;

  const same = (change: object = {}) => ({ body: JSON.stringify({ ...own, ...change }) });
  const agree = () => {
    metering.reply = () => same({ spent_exact: null });
    quota.reply = () => same();
  };

  beforeAll(async () => {
    [stand, metering, quota] = [await Stand.open(), await openFakePeer(), await openFakePeer()];
    door = await openDoor(stand, { metering: metering.url, quota: quota.url });
    await stand.publish();
    for (const organization of ['org_acme', 'org_other']) await stand.register(organization);
    keys = {
      acme: await stand.key('org_acme'),
      other: await stand.key('org_other'),
      usage: await stand.key(null, ['usage:read']),
    };
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 2_000_000, cached_input: 10 } }),
      metered('b', { at: NOON, quantities: { output: 3, audio_ms: 7 } }),
      metered('c', { at: NOON + 86_400_000 * 20 }),
    ]);
    await stand.caughtUp();
    const query = '?organization=org_acme&period=2026-11';
    const { body } = await door.call(`/ops/usage-totals${query}`);
    own = body as Record<string, unknown>;
  });
  beforeEach(() => {
    metering.asked.length = 0;
    quota.asked.length = 0;
    agree();
  });
  afterAll(async () => {
    await door.close();
    await Promise.all([metering.close(), quota.close()]);
    await stand.close();
  });

  it('asks each reader for its totals of the month, all from one snapshot', () => {
    expect(own).toEqual({
      organization: 'org_acme',
      period: '2026-11',
      requests: 2,
      tokens: 2_000_013,
      quantities: expect.objectContaining({ input: 2_000_000, cached_input: 10, audio_ms: 7 }),
      spent_exact: '10.000055',
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
      positions: { 'usage.recorded': { 0: 3, 1: 0 }, accounts: { 0: 5 }, catalog: { 0: 1 } },
    });
  });

  it('is equal when all three say the same', async () => {
    const { status, body } = await door.call(PATH);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      organization: 'org_acme',
      period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
      equal: true,
      conclusive: true,
      requests: 2,
      tokens: 2_000_013,
      spent_exact: '10.000055',
      readers: {
        metering: { requests: 2, tokens: 2_000_013, spent_exact: null },
        quota: { requests: 2, spent_exact: '10.000055' },
        invoicing: { requests: 2, spent_exact: '10.000055' },
      },
      digests: { metering: own['digest'], quota: own['digest'], invoicing: own['digest'] },
      positions: { quota: own['positions'], invoicing: own['positions'] },
      differences: [],
    });
    expect(metering.asked.map(({ query }) => query.get('organization'))).toEqual(['org_acme']);
    expect(metering.asked[0]?.authorization).toBe(`Bearer ${ADMIN_KEY}`);
  });

  it('has the spend of the draft invoice, to the last digit', async () => {
    const { body } = await door.call(PATH);
    const draft = await door.call('/v1/organizations/org_acme/upcoming-invoice?period=2026-11');
    const { lines } = draft.body as { lines: { amount_exact: string }[] };
    expect(lines.map(({ amount_exact }) => amount_exact)).toEqual(['0.000025', '10', '0.00003']);
    expect(body.spent_exact).toBe('10.000055');
  });

  it('names what differs and who, when all stand at the same positions', async () => {
    quota.reply = () => same({ spent_exact: '10.000055000000001', requests: 3 });
    const { body } = await door.call(PATH);
    expect(body).toMatchObject({ equal: false, conclusive: true });
    expect(body.differences).toEqual([
      { field: 'requests', metering: '2', quota: '3', invoicing: '2' },
      {
        field: 'spent_exact',
        metering: null,
        quota: '10.000055000000001',
        invoicing: '10.000055',
      },
    ]);
    expect(quota.asked).toHaveLength(1);
  });

  it('asks again at the furthest positions when a reader is behind', async () => {
    const behind = { ...(own['positions'] as object), 'usage.recorded': { 0: 2, 1: 0 } };
    quota.reply = (question) =>
      question === 0 ? same({ requests: 1, positions: behind }) : same();
    const { body } = await door.call(PATH);
    expect(body).toMatchObject({ equal: true });
    expect(quota.asked.map(({ query }) => query.get('at_least'))).toEqual([
      null,
      'usage.recorded:0:3,accounts:0:5,catalog:0:1',
    ]);
  });

  it('is not conclusive when they never come to stand at the same positions', async () => {
    const behind = { ...(own['positions'] as object), 'usage.recorded': { 0: 2, 1: 0 } };
    quota.reply = () => same({ requests: 1, positions: behind });
    const { status, body } = await door.call(`${PATH}&wait_ms=100`);
    expect([status, body.equal, body.conclusive]).toEqual([200, false, false]);
    expect(body.differences.map(({ field }: { field: string }) => field)).toEqual([
      'requests',
      'positions.usage.recorded.0',
    ]);
  });

  it('takes the key’s own organization and the current month', async () => {
    const { body } = await door.call('/v1/reconciliation', { key: keys.acme });
    expect(body).toMatchObject({ organization: 'org_acme', equal: true });
    expect(quota.asked[0]?.query.get('period')).toBe('2026-11');
  });

  it.each<[string, () => ReturnType<FakePeer['reply']>, string, RegExp]>([
    [
      'answers a fault',
      () => ({ status: 500, body: '{"code":"internal_error"}' }),
      'service_unavailable',
      /^quota answered 500 \(internal_error\)/,
    ],
    [
      'refuses the key',
      () => ({ status: 403, body: '{}' }),
      'service_refused',
      /^quota refused the key/,
    ],
    [
      'is behind',
      () => ({ status: 503, body: '{"code":"not_yet"}' }),
      'not_yet',
      /^quota has not read as far/,
    ],
    [
      'says something else',
      () => ({ body: '<html>' }),
      'service_unavailable',
      /^quota answered something else/,
    ],
    ['never answers', () => null, 'service_unavailable', /^quota gave no answer within 3000 ms/],
  ])('is 503 and names the service that %s', async (_, reply, code, detail) => {
    quota.reply = reply;
    const { status, body, headers } = await door.call(`${PATH}&wait_ms=0`);
    expect([status, body.code, body.service]).toEqual([503, code, 'quota']);
    expect(body.detail).toMatch(detail);
    expect(headers.get('retry-after')).toBe('1');
  });

  it('is 503 where it was not told where the others are', async () => {
    const lonely = await openDoor(stand);
    const { status, body } = await lonely.call(PATH);
    expect([status, body.code, body.detail]).toEqual([
      503,
      'service_not_configured',
      'METERING_URL is not set.',
    ]);
    await lonely.close();
  });

  it.each([
    ['/v1/reconciliation?organization=org_acme', 'other', 404, 'unknown_organization'],
    ['/v1/reconciliation?organization=org_acme', 'usage', 403, 'missing_scope'],
    ['/v1/reconciliation', 'admin', 400, 'invalid_request'],
    ['/v1/reconciliation?organization=acme', 'admin', 400, 'invalid_request'],
    ['/v1/reconciliation?organization=org_acme&period=2026-13', 'admin', 400, 'invalid_request'],
    ['/v1/reconciliation?organization=org_acme&wait_ms=-1', 'admin', 400, 'invalid_request'],
    ['/v1/reconciliation?organization=org_acme&month=2026-11', 'admin', 400, 'invalid_request'],
    ['/ops/usage-totals?organization=org_acme&period=2026-11', 'acme', 403, 'missing_scope'],
    ['/ops/usage-totals?organization=org_acme', 'admin', 400, 'invalid_request'],
  ] as const)('refuses %s with the key %s: %i %s', async (path, name, status, code) => {
    const key = name === 'admin' ? ADMIN_KEY : keys[name];
    const answer = await door.call(path, { key });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('knows no organization that nobody registered and nobody used', async () => {
    const nothing = { requests: 0, quantities: {}, digest: '0'.repeat(32), spent_exact: null };
    metering.reply = () => same(nothing);
    quota.reply = () => same(nothing);
    const { status, body } = await door.call('/v1/reconciliation?organization=org_nobody');
    expect([status, body.code]).toEqual([404, 'unknown_organization']);
  });
});
