import { metered } from '#libs/usage/test/metered.js';
import type { InvoiceDocument } from '../domain/invoice-document.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { ADMIN_KEY, CLOSABLE, DECEMBER, Stand, until } from './stand.js';

describe('the doors of invoicing', () => {
  let stand: Stand;
  let door: Door;
  let keys: Record<'acme' | 'other' | 'reader' | 'usage' | 'none', string>;

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    for (const organization of ['org_acme', 'org_other']) await stand.register(organization);
    await stand.register('org_free', 'free');
    keys = {
      acme: await stand.key('org_acme'),
      other: await stand.key('org_other'),
      reader: await stand.key(null, ['billing:read']),
      usage: await stand.key(null, ['usage:read']),
      none: '',
    };
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 1_000_000 } }),
      metered('b', { at: NOON, quantities: { input: 10 } }, { organization: 'org_other' }),
      metered('c', { at: NOON, quantities: { output: 7 } }, { organization: 'org_free' }),
      metered('d', { at: DECEMBER.from, model: 'mystery', quantities: { input: 3 } }),
    ]);
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  const call: Door['call'] = async (path, init) => door.call(path, init);
  const post = async (body: unknown, init: RequestInit & { key?: string } = {}) =>
    call('/v1/billing-runs', { method: 'POST', body: JSON.stringify(body), ...init });
  const upcoming = async (query = '', key = ADMIN_KEY, id = 'org_acme') =>
    call(`/v1/organizations/${id}/upcoming-invoice${query}`, { key });

  /** Runs to its end, by the process itself. */
  async function billed(body: unknown, key = ADMIN_KEY) {
    const { body: run } = await post(body, { key });
    const path = `/v1/billing-runs/${run.id}`;
    await until(async () => (await call(path, { key })).body.state === 'done');
    return (await call(path, { key })).body;
  }

  describe('the upcoming invoice', () => {
    it('is the draft of the current month, with its reach', async () => {
      const { status, body } = await upcoming();
      expect(status).toBe(200);
      expect(body).toMatchObject({
        number: null,
        state: 'draft',
        organization: 'org_acme',
        period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
        issued_at: null,
        due_at: null,
        lines: [{ line: 1, kind: 'usage', amount: '5.00', amount_exact: '5' }],
        total: '5.00',
        suspense: [],
        cut: { 'usage.recorded': { 0: 4, 1: 0 } },
        as_of: { positions: { 'usage.recorded': { 0: 4 }, accounts: {}, catalog: {} } },
      });
    });

    it('lists usage without a price, and charges nothing for it', async () => {
      const { body } = await upcoming('?period=2026-12');
      expect(body).toMatchObject({
        lines: [],
        total: '0.00',
        suspense: [{ model: 'mystery', pool: 'input', quantity: 3, reason: 'no_price' }],
      });
    });

    it('shows on the free tier what it would have cost', async () => {
      const { body } = await upcoming('', ADMIN_KEY, 'org_free');
      expect(body.lines).toMatchObject([
        { kind: 'usage', pool: 'output', amount_exact: '0.00007' },
        { kind: 'credit', amount_exact: '-0.00007', model: null },
      ]);
      expect(body.subtotal_exact).toBe('0');
    });

    it.each<[string, keyof typeof keys, number, string, string | undefined]>([
      // path after the organization, key, status, code, pointer
      ['org_acme?period=2026-13', 'reader', 400, 'invalid_request', '?period'],
      ['org_acme?period=', 'reader', 400, 'invalid_request', '?period'],
      ['org_acme?month=2026-11', 'reader', 400, 'invalid_request', '?month'],
      ['org_acme?period=2026-11&period=2026-12', 'reader', 400, 'invalid_request', '?period'],
      ['org_acme?at_least=usage', 'reader', 400, 'invalid_request', '?at_least'],
      ['org_acme?at_least=usage.recorded:0:99&wait_ms=0', 'reader', 503, 'not_yet', undefined],
      ['org_acme?wait_ms=-1', 'reader', 400, 'invalid_request', '?wait_ms'],
      ['org_ghost', 'reader', 404, 'unknown_organization', undefined],
      ['org_acme', 'other', 404, 'unknown_organization', undefined],
      ['org_acme', 'usage', 403, 'missing_scope', undefined],
      ['org_acme', 'none', 401, 'missing_api_key', undefined],
    ])('of %s by %s is %i %s', async (path, who, status, code, pointer) => {
      const [id, query] = path.split('?');
      const answer = await upcoming(query && `?${query}`, keys[who], id);
      expect([answer.status, answer.body.code, answer.body.errors[0]?.pointer]).toEqual([
        status,
        code,
        pointer,
      ]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    });

    it('waits for what the caller has written', async () => {
      const [{ status }] = await Promise.all([
        upcoming('?at_least=usage.recorded:1:1&wait_ms=5000', keys.acme),
        stand.meter([metered('e', { at: DECEMBER.to, quantities: { input: 1 } })], 1),
      ]);
      expect(status).toBe(200);
    });
  });

  describe('an issued invoice', () => {
    let invoice: InvoiceDocument;
    let run: unknown;
    beforeAll(async () => {
      stand.now = CLOSABLE;
      run = await billed({ period: '2026-11' });
      const { body } = await call('/v1/invoices?organization=org_acme&period=2026-11');
      [invoice] = body.data;
    });

    it('comes out of a run that says what it did', () => {
      expect(run).toMatchObject({
        period: '2026-11',
        organizations: null,
        state: 'done',
        progress: { done: 3, total: 3 },
        issued: 3,
        already_issued: 0,
        parked: [],
        blocked: [],
        waiting_for: [],
      });
    });

    it('is in the list as it is alone, and alone as it was written', async () => {
      const { status, text, body, headers } = await call(`/v1/invoices/${invoice.number}`);
      expect([status, headers.get('content-type')]).toEqual([
        200,
        'application/json; charset=utf-8',
      ]);
      expect(body).toEqual(invoice);
      const [stored] = await stand.stores().invoices.list({ organization: 'org_acme' }, 1);
      expect(text).toBe(stored?.document);
      expect(body).toMatchObject({
        state: 'issued',
        total: '5.00',
        due_at: '2027-01-01T00:00:00Z',
      });
    });

    it('replaces the draft of its month', async () => {
      const { status, body } = await upcoming('?period=2026-11');
      expect([status, body.code, body.number]).toEqual([409, 'already_issued', invoice.number]);
    });

    it('comes as CSV, JSON or PDF by Accept, and not as anything else', async () => {
      const path = `/v1/invoices/${invoice.number}`;
      const csv = await call(path, { headers: { accept: 'text/csv' } });
      expect([csv.status, csv.headers.get('content-type')]).toEqual([
        200,
        'text/csv; charset=utf-8',
      ]);
      expect(csv.text.split('\r\n')[1]).toContain(`${invoice.number},org_acme,USD,1,usage`);
      const html = await call(path, { headers: { accept: 'text/html' } });
      expect([html.status, html.body.code]).toEqual([406, 'not_acceptable']);
    });

    it('belongs to its organization', async () => {
      const path = `/v1/invoices/${invoice.number}`;
      const codes = async (key: string) => {
        const { status, body } = await call(path, { key });
        return [status, body.code ?? body.number];
      };
      expect(await codes(keys.acme)).toEqual([200, invoice.number]);
      expect(await codes(keys.reader)).toEqual([200, invoice.number]);
      expect(await codes(keys.other)).toEqual([404, 'unknown_invoice']);
      expect((await call('/v1/invoices/MB-1999-000001')).body.code).toBe('unknown_invoice');
      const list = await call('/v1/invoices', { key: keys.other });
      expect(list.body.data.map((one: InvoiceDocument) => one.organization)).toEqual(['org_other']);
      const foreign = await call('/v1/invoices?organization=org_acme', { key: keys.other });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'unknown_organization']);
    });

    it('is listed in pages, the last issued first', async () => {
      const seen: (string | null)[] = [];
      let cursor: string | null = '';
      do {
        const { body } = await call(`/v1/invoices?limit=2${cursor && `&cursor=${cursor}`}`);
        seen.push(...body.data.map((one: InvoiceDocument) => one.number));
        cursor = body.next_cursor;
      } while (cursor !== null);
      expect(seen).toEqual(['MB-2026-000003', 'MB-2026-000002', 'MB-2026-000001']);
    });

    it.each([
      ['?period=2026-11', 3],
      ['?period=2026-10', 0],
      ['?state=issued', 3],
      ['?state=paid', 0],
      ['?state=draft', 1],
      ['?state=draft&period=2026-11', 0],
      ['?organization=org_free&state=issued&period=2026-11', 1],
      ['?organization=org_ghost', 0],
    ])('list filtered by %s has %i', async (query, count) => {
      expect((await call(`/v1/invoices${query}`)).body.data).toHaveLength(count);
    });

    it.each([
      ['?state=lost', '?state'],
      ['?period=november', '?period'],
      ['?organization=acme', '?organization'],
      ['?limit=0', '?limit'],
      ['?limit=501', '?limit'],
      ['?cursor=abc', '?cursor'],
      ['?page=2', '?page'],
    ])('list with %s is refused at %s', async (query, pointer) => {
      const { status, body } = await call(`/v1/invoices${query}`);
      expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
    });

    it('stays as it is when fifty runs are asked for at once', async () => {
      const asked = await Promise.all(
        Array.from({ length: 50 }, async () => post({ period: '2026-11' }, { key: keys.acme })),
      );
      for (const { body } of asked) {
        const path = `/v1/billing-runs/${body.id}`;
        await until(async () => (await call(path)).body.state === 'done');
        expect((await call(path)).body).toMatchObject({ issued: 0, already_issued: 1 });
      }
      expect((await call('/v1/invoices?organization=org_acme')).body.data).toEqual([invoice]);
    });
  });
});
