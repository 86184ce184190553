import { NOON, ReadStand } from './read-stand.js';

describe('rejected door', () => {
  let stand: ReadStand;

  async function reject(reason: string, organization: string | null, more = {}) {
    await stand.insert('rejected_usage', {
      reason,
      pointer: '/time',
      detail: 'too long ago',
      organization,
      source: 'node',
      event_id: 'e',
      at: new Date(NOON),
      raw: Buffer.from('{"id":"e"}'),
      ...more,
    });
  }

  async function reasons(query: string, key = 'a'): Promise<unknown[]> {
    const { body } = await stand.get(`/v1/rejected?${query}`, key);
    return (body['data'] as { reason: string }[]).map(({ reason }) => reason);
  }

  beforeAll(async () => {
    stand = await ReadStand.open();
    await stand.caughtUp(0, 7);
    const at = (topic: string, partition: number, offset: number, which: string) => ({
      [`${which}_topic`]: topic,
      [`${which}_partition`]: partition,
      [`${which}_offset`]: offset,
    });
    await reject('conflict', 'org_a', {
      ...at('usage.recorded', 1, 5, 'origin'),
      ...at('usage.recorded', 0, 2, 'winner'),
    });
    await reject('too_old', 'org_b', { source: null });
    await reject('invalid_json', null, { source: null, event_id: null, at: new Date(NOON - 1) });
    await reject('no_usage', 'org_a', { at: new Date(NOON + 1) });
  });
  afterAll(async () => stand.close());

  it('shows a bound key what names its organization, with positions and what came', async () => {
    const { status, body } = await stand.get('/v1/rejected');
    expect(status).toBe(200);
    expect(body).toMatchObject({ next_cursor: null, as_of: { lag_ms: 0 } });
    expect(body['data']).toEqual([
      {
        reason: 'conflict',
        pointer: '/time',
        detail: 'too long ago',
        organization: 'org_a',
        source: 'node',
        id: 'e',
        at: '2026-11-16T12:00:00Z',
        position: { topic: 'usage.recorded', partition: 1, offset: 5 },
        winner: { topic: 'usage.recorded', partition: 0, offset: 2 },
        raw_base64: Buffer.from('{"id":"e"}').toString('base64'),
      },
      expect.objectContaining({ reason: 'no_usage', position: null, winner: null }),
    ]);
  });

  it.each([
    // key   query                        reasons
    ['ops', '', ['conflict', 'too_old', 'invalid_json', 'no_usage']],
    ['all', '', ['conflict', 'too_old', 'invalid_json', 'no_usage']],
    ['ops', 'organization=org_b', ['too_old']],
    ['b', '', ['too_old']],
    ['b', 'organization=org_b', ['too_old']],
    ['ops', 'reason=too_old', ['too_old']],
    ['a', 'reason=too_old', []],
    ['ops', 'from=2026-11-16T12:00:00Z', ['conflict', 'too_old', 'no_usage']],
    ['ops', 'from=2026-11-16T12:00:00.001Z', ['no_usage']],
  ])('shows the key %s with %j: %j', async (key, query, wanted) => {
    expect(await reasons(query, key)).toEqual(wanted);
  });

  it('pages without a row twice or left out', async () => {
    const pages = await stand.pages('/v1/rejected?limit=2', 'ops');
    expect(pages.map((page) => page.map(({ reason }) => reason))).toEqual([
      ['conflict', 'too_old'],
      ['invalid_json', 'no_usage'],
    ]);
  });

  it.each([
    ['organization=org_b', 'a', 404, 'unknown_organization'],
    ['reason=bad', 'a', 400, 'invalid_request', '?reason invalid_value'],
    ['from=yesterday', 'a', 400, 'invalid_request', '?from invalid_value'],
    ['cursor=x', 'a', 400, 'invalid_request', '?cursor invalid_cursor'],
    ['limit=0', 'a', 400, 'invalid_request', '?limit invalid_value'],
    ['to=2026-11-16T12:00:00Z', 'a', 400, 'invalid_request', '?to unknown_parameter'],
    ['', 'write', 403, 'missing_scope'],
    ['', '', 401, 'missing_api_key'],
  ])('refuses %s with the key %j', async (query, key, ...refusal) => {
    expect(await stand.refusal(`/v1/rejected?${query}`, key)).toEqual(refusal);
  });
});
