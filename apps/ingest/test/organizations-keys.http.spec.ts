import { AccountStore } from '#libs/accounts/account.store.js';
import { ACCOUNTS } from '#libs/events/topics.js';
import { parseApiKey } from '#libs/http/api-key.js';
import { rows } from '#libs/database/database.js';
import { ControlPlaneStand, faults } from './control-plane-stand.js';

const READER = { name: 'reader', scopes: ['usage:read'] };

describe('API keys', () => {
  let stand: ControlPlaneStand;
  let path: string;

  beforeAll(async () => {
    stand = await ControlPlaneStand.start();
    path = await stand.registered();
  });

  afterAll(async () => stand.stop());

  it('open what their scopes say until they are revoked', async () => {
    const { status, body } = await stand.ask('POST', `${path}/api-keys`, READER);
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...READER, organization: 'org_acme', expires_at: null });
    const key = body['key'] as string;
    expect(parseApiKey(key)).toEqual({ id: body['id'] });
    expect((await stand.ask('GET', path, undefined, { key })).status).toBe(200);
    const revoked = await stand.ask('DELETE', `${path}/api-keys/${String(body['id'])}`);
    expect([revoked.status, revoked.body]).toEqual([204, {}]);
    expect(revoked.headers.get('meterbook-at-least')).toBe(`accounts:0:${await stand.facts()}`);
    expect((await stand.ask('GET', path, undefined, { key })).status).toBe(401);
    const again = await stand.ask('DELETE', `${path}/api-keys/${String(body['id'])}`);
    expect(again.status).toBe(204);
  });

  it('tell who they are to whoever holds them', async () => {
    const key = await stand.key('org_acme', 'quota:reserve');
    const { status, body } = await stand.ask('GET', '/v1/api-keys/current', undefined, { key });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: parseApiKey(key)?.id,
      organization: 'org_acme',
      scopes: ['quota:reserve'],
      expires_at: null,
    });
    const admin = await stand.ask('GET', '/v1/api-keys/current');
    expect(admin.body).toMatchObject({ organization: null, name: 'admin', scopes: ['admin'] });
  });

  it('expire', async () => {
    const expires_at = '2026-11-24T09:31:00Z';
    const { body } = await stand.ask('POST', `${path}/api-keys`, { ...READER, expires_at });
    expect(body['expires_at']).toBe(expires_at);
    const status = async () =>
      (await stand.ask('GET', path, undefined, { key: body['key'] as string })).status;
    expect(await status()).toBe(200);
    stand.now += 60_000;
    expect(await status()).toBe(401);
    stand.now -= 60_000;
  });

  it('leave their secret neither in the log nor in the tables of accounts', async () => {
    const key = await stand.key('org_acme', 'usage:write');
    const secret = key.slice(12);
    const records = await stand.log.read(ACCOUNTS, 0, 0);
    expect(records.map(({ value }) => value.toString()).join()).not.toContain(secret);
    const stored = await rows(
      stand.source,
      `SELECT (SELECT json_agg(k) FROM api_key k)::text AS keys,
              (SELECT json_agg(a) FROM account a)::text AS accounts,
              (SELECT string_agg(encode(value, 'escape'), '') FROM outbox) AS outbox`,
    );
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(JSON.stringify((await stand.ask('GET', path)).body)).not.toContain(secret);
  });

  it('of operators and nodes are bound to no organization', async () => {
    const { status, body } = await stand.ask('POST', '/v1/api-keys', {
      name: 'node',
      scopes: ['usage:write', 'billing:read'],
    });
    expect([status, body['organization']]).toEqual([201, null]);
    const key = body['key'] as string;
    expect((await stand.ask('GET', path, undefined, { key })).status).toBe(200);
    const listed = await stand.ask('GET', '/v1/api-keys');
    expect(listed.body['data']).toEqual([
      expect.objectContaining({ id: body['id'], name: 'node', revoked_at: null }),
    ]);
    const id = String(body['id']);
    expect((await stand.ask('DELETE', `${path}/api-keys/${id}`)).status).toBe(404);
    expect((await stand.ask('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    expect((await stand.ask('GET', path, undefined, { key })).status).toBe(401);
  });

  it('of another organization are not there', async () => {
    await stand.registered('org_other');
    const key = await stand.key('org_other', 'usage:read');
    const answer = await stand.ask('DELETE', `${path}/api-keys/${key.slice(3, 11)}`);
    expect([answer.status, answer.body['code']]).toEqual([404, 'unknown_api_key']);
  });

  it.each([
    [{ scopes: ['usage:read'] }, 400, ['/name missing_field']],
    [{ name: 'x', scopes: [] }, 400, ['/scopes invalid_value']],
    [{ name: 'x', scopes: ['root'] }, 400, ['/scopes invalid_value']],
    [{ name: 'x', scopes: ['ops', 'ops'] }, 400, ['/scopes invalid_value']],
    [{ name: 'x', scopes: 'ops' }, 400, ['/scopes invalid_value']],
    [{ ...READER, expires_at: '2026-11-24T09:30:00Z' }, 422, ['/expires_at in_the_past']],
    [{ ...READER, organization: 'org_other' }, 400, ['/organization unknown_field']],
  ])('refuse %j with %s', async (body, status, expected) => {
    const answer = await stand.ask('POST', `${path}/api-keys`, body);
    expect([answer.status, faults(answer)]).toEqual([status, expected]);
  });

  it('whose secret was lost with a 503 are revoked by the repeat', async () => {
    const asking = { headers: { 'idempotency-key': 'key-while-away' } };
    stand.log.available(false);
    const away = await stand.ask('POST', `${path}/api-keys`, READER, asking);
    expect(away.status).toBe(503);
    stand.log.available(true);
    const back = await stand.ask('POST', `${path}/api-keys`, READER, asking);
    expect(back.status).toBe(201);
    const account = await new AccountStore(stand.source).find('org_acme');
    const [lost, made] = account?.keys.slice(-2) ?? [];
    expect(lost?.revokedAt).not.toBeNull();
    expect([made?.id, made?.revokedAt]).toEqual([back.body['id'], null]);
  });
});
