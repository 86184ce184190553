import { EdgeStand, json, KEY, NOW } from './stand.js';

const CSRF = { 'x-meterbook-csrf': '1' };

describe('session of the console', () => {
  let stand: EdgeStand;

  beforeAll(async () => {
    stand = await EdgeStand.start();
  });
  afterEach(() => {
    stand.now = NOW;
  });
  afterAll(async () => stand.stop());

  const begin = async (body: unknown, headers: Record<string, string> = CSRF) =>
    stand.ask('POST', '/session', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('is a cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await begin({ key: KEY });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    const cookie = answer.headers.get('set-cookie') ?? '';
    // The key ends at 12:00, two and a half hours from now: 9,000 s.
    expect(cookie).toMatch(/^mb_session=[\w-]+; Max-Age=9000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(KEY.slice(12, 30));
  });

  it('says who is signed in until it ends', async () => {
    const cookie = await stand.signIn();
    const show = async () => stand.ask('GET', '/session', { headers: { cookie } });
    expect(await (await show()).json()).toEqual({
      organization: 'org_acme',
      name: 'console',
      scopes: ['usage:read', 'billing:read'],
      expires_at: '2026-11-24T12:00:00Z',
    });
    stand.now = Date.UTC(2026, 10, 24, 12);
    const over = await show();
    expect(over.status).toBe(401);
    expect(await over.json()).toMatchObject({ code: 'not_signed_in' });
  });

  it.each([
    ['a wrong key', { key: 'mb_wrong' }, 401, 'invalid_api_key'],
    ['an empty key', { key: '' }, 401, 'invalid_api_key'],
    ['a key with a line break', { key: 'mb_a\r\nx: y' }, 401, 'invalid_api_key'],
    ['no key', {}, 400, 'invalid_request'],
    ['another field', { key: KEY, admin: true }, 400, 'invalid_request'],
  ])('does not begin with %s', async (_, body, status, code) => {
    const answer = await begin(body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('does not begin from a page of another site', async () => {
    const answer = await begin({ key: KEY }, { ...CSRF, 'sec-fetch-site': 'cross-site' });
    expect(await answer.json()).toMatchObject({ status: 403, code: 'cross_site_request' });
  });

  it.each([
    ['changed', (cookie: string) => `${cookie.slice(0, -4)}AAAA`],
    ['cut', (cookie: string) => cookie.slice(0, 30)],
    ['made up', () => 'mb_session=e30'],
  ])('that was %s is none', async (_, change) => {
    const cookie = change(await stand.signIn());
    expect((await stand.ask('GET', '/session', { headers: { cookie } })).status).toBe(401);
  });

  it('ends when its key is revoked', async () => {
    const cookie = await stand.signIn();
    const { answer } = stand.services.ingest;
    stand.services.ingest.answer = (_seen, reply) =>
      json(reply, 401, { detail: 'This API key was revoked.' });
    const show = await stand.ask('GET', '/session', { headers: { cookie } });
    stand.services.ingest.answer = answer;
    expect(show.status).toBe(401);
    expect(await show.json()).toMatchObject({ detail: 'This API key was revoked.' });
  });

  it('ends by request', async () => {
    const cookie = await stand.signIn();
    const ended = await stand.ask('DELETE', '/session', { headers: { cookie, ...CSRF } });
    expect(ended.status).toBe(204);
    expect(ended.headers.get('set-cookie')).toMatch(/^mb_session=; .*Expires=Thu, 01 Jan 1970/);
  });

  it('is bound to https and the host where browsers come by https', async () => {
    const secured = await EdgeStand.start(true);
    try {
      expect(await secured.signIn()).toMatch(/^__Host-mb_session=/);
      const page = await secured.ask('GET', '/');
      expect(page.headers.get('strict-transport-security')).toContain('max-age=');
    } finally {
      await secured.stop();
    }
  });
});
