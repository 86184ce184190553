import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { ADMIN_KEY, CLOSABLE, Stand } from './stand.js';

describe('the door of billing runs', () => {
  let stand: Stand;
  let door: Door;
  let keys: Record<'acme' | 'other' | 'reader' | 'usage', string>;
  const call: Door['call'] = async (path, init) => door.call(path, init);
  const post = async (body: unknown, init: RequestInit & { key?: string } = {}) =>
    call('/v1/billing-runs', { method: 'POST', body: JSON.stringify(body), ...init });

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    for (const organization of ['org_acme', 'org_other']) await stand.register(organization);
    keys = {
      acme: await stand.key('org_acme'),
      other: await stand.key('org_other'),
      reader: await stand.key(null, ['billing:read']),
      usage: await stand.key(null, ['usage:read']),
    };
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it.each<[unknown, number, string, string | undefined]>([
    // body, status, code, pointer
    [{}, 400, 'invalid_request', '/period'],
    [{ period: '2026-1' }, 400, 'invalid_request', '/period'],
    [{ period: 11 }, 400, 'invalid_request', '/period'],
    [{ period: '2026-10', organizations: [] }, 400, 'invalid_request', '/organizations'],
    [{ period: '2026-10', organizations: 'org_acme' }, 400, 'invalid_request', '/organizations'],
    [
      { period: '2026-10', organizations: ['org_a', 'Acme'] },
      400,
      'invalid_request',
      '/organizations/1',
    ],
    [{ period: '2026-10', organizations: [7] }, 400, 'invalid_request', '/organizations/0'],
    [{ period: '2026-10', force: true }, 400, 'invalid_request', '/force'],
    [[], 400, 'invalid_request', ''],
    [{ period: '2026-11' }, 409, 'period_open', undefined],
    [{ period: '2030-01' }, 409, 'period_open', undefined],
  ])('of %j is %i %s', async (body, status, code, pointer) => {
    const answer = await post(body);
    expect([answer.status, answer.body.code, answer.body.errors[0]?.pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
  });

  it('says when the month may be closed: its end and a day of grace, to the millisecond', async () => {
    stand.now = CLOSABLE - 1;
    const { status, body } = await post({ period: '2026-11' });
    stand.now = NOON;
    expect([status, body.closable_at]).toEqual([409, '2026-12-02T00:00:00Z']);
  });

  it.each([
    ['other', { period: '2026-10', organizations: ['org_acme'] }, 404, 'unknown_organization'],
    ['reader', { period: '2026-10' }, 403, 'missing_scope'],
    ['usage', { period: '2026-10' }, 403, 'missing_scope'],
  ] as const)('asked for by %s with %j is %i %s', async (who, body, status, code) => {
    const answer = await post(body, { key: keys[who] });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is 404 where there is none, and another’s looks the same; a wrong method is 405', async () => {
    const { body: all } = await post({ period: '2026-09' });
    const { body: own } = await post({ period: '2026-09' }, { key: keys.acme });
    const codes = async (id: string, key: string) => {
      const { status, body } = await call(`/v1/billing-runs/${id}`, { key });
      return [status, body.code ?? body.organizations];
    };
    expect(await codes('run_none', ADMIN_KEY)).toEqual([404, 'unknown_billing_run']);
    expect(await codes(all.id, keys.acme)).toEqual([404, 'unknown_billing_run']);
    expect(await codes(own.id, keys.other)).toEqual([404, 'unknown_billing_run']);
    expect(await codes(own.id, keys.acme)).toEqual([200, ['org_acme']]);
    const wrong = await call(`/v1/billing-runs/${own.id}`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('with an Idempotency-Key is made once', async () => {
    const headers = { 'idempotency-key': 'bill-august' };
    const first = await post({ period: '2026-08' }, { headers });
    const again = await post({ period: '2026-08' }, { headers });
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await post({ period: '2026-07' }, { headers });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });
});
