import { rows } from '#libs/database/database.js';
import { metered } from '#libs/usage/test/metered.js';
import { type Answer, type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, NOVEMBER, Stand, until } from './stand.js';

describe('the door of parked invoices', () => {
  let stand: Stand;
  let door: Door;
  let id: string;
  let keys: Record<'acme' | 'other' | 'reader', string>;
  const call: Door['call'] = async (path, init) => door.call(`/v1/parked-invoices${path}`, init);
  const release = async (of: string, body: unknown, key?: string) =>
    call(`/${of}/release`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...(key !== undefined && { key }),
    });

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    for (const organization of ['org_acme', 'org_other']) await stand.register(organization);
    keys = {
      acme: await stand.key('org_acme'),
      other: await stand.key('org_other'),
      reader: await stand.key(null, ['billing:read']),
    };
    await stand.meter([metered('back', { at: NOON, quantities: { input: -200_000 } })]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await stand.stores().issuing.issue('org_acme', NOVEMBER, 'run_one');
    const { body } = await call('');
    id = body.data[0].id;
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('lists what waits with its reason and figures, each organization its own', async () => {
    const view = {
      id,
      organization: 'org_acme',
      reason: 'negative_total',
      released_at: null,
      invoice: { state: 'parked', number: null, total: '-1.00' },
    };
    expect((await call('', { key: keys.acme })).body.data).toMatchObject([view]);
    expect((await call(`/${id}`, { key: keys.reader })).body).toMatchObject(view);
    expect((await call('', { key: keys.other })).body.data).toEqual([]);
  });

  it('is among the invoices by its state, and only so', async () => {
    const list = async (query: string, key?: string) => {
      const init = key === undefined ? {} : { key };
      const { status, body } = await door.call(`/v1/invoices${query}`, init);
      return body.data ?? [status, body.errors[0].pointer];
    };
    const parked = { number: null, state: 'parked', total: '-1.00', parked: { id } };
    expect(await list('?state=parked')).toMatchObject([parked]);
    expect(await list('?state=parked&organization=org_acme')).toMatchObject([parked]);
    expect(await list('?state=parked&period=2026-11', keys.acme)).toMatchObject([parked]);
    for (const query of ['', '?state=issued', '?state=parked&period=2026-12'])
      expect(await list(query)).toEqual([]);
    expect(await list('?state=parked', keys.other)).toEqual([]);
    expect(await list('?state=draft&period=2026-11', keys.acme)).toMatchObject([
      { number: null, state: 'draft', total: '-1.00' },
    ]);
    expect(await list('?state=draft&organization=org_other&period=2026-11')).toEqual([]);
    const first = await door.call('/v1/invoices?state=draft&period=2026-11&limit=1');
    expect(first.body.data).toMatchObject([{ organization: 'org_acme', state: 'draft' }]);
    expect(
      await list(`?state=draft&period=2026-11&limit=1&cursor=${first.body.next_cursor}`),
    ).toEqual([]);
    expect(await list('?state=draft&cursor=AAAAAAAA')).toEqual([400, '?cursor']);
  });

  it('tells it once on billing.events', async () => {
    await stand.stores().issuing.issue('org_acme', NOVEMBER, 'run_two');
    const told = await rows<{ value: string }>(
      stand.source,
      `SELECT convert_from(value, 'UTF8') AS value FROM announcement`,
    );
    expect(told.map(({ value }) => JSON.parse(value) as unknown)).toMatchObject([
      { type: 'invoice.parked', data: { id, reason: 'negative_total', total: '-1.00' } },
    ]);
    const waiting = await rows<{ id: string }>(stand.source, 'SELECT id FROM parked_invoice');
    expect(waiting).toEqual([{ id }]);
  });

  it.each<[string, unknown, 'acme' | 'reader' | null, number, string]>([
    ['prk_none', { reason: 'fine' }, null, 404, 'unknown_parked_invoice'],
    ['', {}, null, 400, 'invalid_request'],
    ['', { reason: '' }, null, 400, 'invalid_request'],
    ['', { reason: ' ' }, null, 400, 'invalid_request'],
    ['', { reason: 'fine', force: true }, null, 400, 'invalid_request'],
    ['', { reason: 'fine' }, 'reader', 403, 'missing_scope'],
  ])('refuses to release %j with %j by %s: %i %s', async (of, body, key, status, code) => {
    const answer = await release(of || id, body, key === null ? undefined : keys[key]);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is in the run that parked it, by its id', async () => {
    const body = JSON.stringify({ period: '2026-11', organizations: ['org_acme'] });
    const run = await door.call('/v1/billing-runs', { method: 'POST', body });
    const read = async () => (await door.call(`/v1/billing-runs/${run.body.id}`)).body;
    await until(async () => (await read()).state === 'done');
    expect((await read()).parked).toEqual([
      { id, organization: 'org_acme', reason: 'negative_total', detail: expect.any(String) },
    ]);
  });

  it('releases once, and the next run issues it', async () => {
    const { status, body } = await release(id, { reason: 'agreed by phone' });
    expect([status, body.release_reason]).toEqual([200, 'agreed by phone']);
    expect(typeof body.released_by).toBe('string');
    expect(body.released_at).toBe('2026-12-02T00:00:00Z');
    const again = await release(id, { reason: 'agreed by phone' });
    expect([again.status, again.body.code]).toEqual([409, 'not_parked']);
    const told = await rows<{ value: string }>(
      stand.source,
      `SELECT convert_from(value, 'UTF8') AS value FROM announcement ORDER BY recorded_at`,
    );
    expect(told.map(({ value }) => JSON.parse(value) as { type: string })).toMatchObject([
      { type: 'invoice.parked', data: { id } },
      { type: 'invoice.released', data: { id, total: '-1.00', release_reason: 'agreed by phone' } },
    ]);
    expect(await stand.stores().issuing.issue('org_acme', NOVEMBER, 'run_3')).toMatchObject({
      state: 'issued',
    });
    expect((await call('')).body.data).toEqual([]);
  });

  it('is paged, the oldest first, and among the invoices the newest first', async () => {
    for (const organization of ['org_more', 'org_most']) {
      await stand.register(organization);
      const usage = { at: NOON, quantities: { input: -100_000 } };
      await stand.meter([metered(organization, usage, { organization })]);
      await stand.caughtUp();
      stand.now += 1;
      await stand.stores().issuing.issue(organization, NOVEMBER, 'run_one');
    }
    const pages = async (path: string): Promise<string[]> => {
      const names: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: Answer = await door.call(`${path}${cursor && `&cursor=${cursor}`}`);
        expect(body.data).toHaveLength(1);
        names.push(body.data[0].organization as string);
        cursor = body.next_cursor as string | null;
      }
      return names;
    };
    expect(await pages('/v1/parked-invoices?limit=1')).toEqual(['org_more', 'org_most']);
    expect(await pages('/v1/invoices?state=parked&limit=1')).toEqual(['org_most', 'org_more']);
    const wrong = await call('?cursor=AAAAAAAA');
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, '?cursor']);
  });
});
