import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand, until } from './stand.js';

const pdf = { accept: 'application/pdf' };

describe('documents by Accept', () => {
  let stand: Stand;
  let door: Door;
  let number: string;
  let other: string;

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme', 'team');
    await stand.register('org_other');
    other = await stand.key('org_other');
    await stand.meter([metered('a', { at: NOON, quantities: { input: 1_000_000 } })]);
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  const upcoming = '/v1/organizations/org_acme/upcoming-invoice?period=2026-11';

  it('print a draft, named as one', async () => {
    const { status, headers, text } = await door.call(upcoming, { headers: pdf });
    expect([status, headers.get('content-type'), text.slice(0, 5)]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ]);
    expect(headers.get('content-disposition')).toBe(
      'inline; filename="draft-org_acme-2026-11.pdf"',
    );
  });

  it('leave the draft as JSON where that is wanted, and are nothing else', async () => {
    const json = await door.call(upcoming, { headers: { accept: 'application/json' } });
    expect([json.status, json.body.state]).toEqual([200, 'draft']);
    const html = await door.call(upcoming, { headers: { accept: 'text/html' } });
    expect([html.status, html.body.code]).toEqual([406, 'not_acceptable']);
  });

  describe('of an issued invoice', () => {
    beforeAll(async () => {
      stand.now = CLOSABLE;
      const body = JSON.stringify({ period: '2026-11' });
      const run = await door.call('/v1/billing-runs', { method: 'POST', body });
      const path = `/v1/billing-runs/${run.body.id}`;
      await until(async () => (await door.call(path)).body.state === 'done');
      const list = await door.call('/v1/invoices');
      number = list.body.data[0].number;
    });

    it.each([
      // accept-language, language
      [undefined, 'en'],
      ['ar', 'ar'],
      ['de, ar;q=0.5', 'ar'],
      ['de', 'en'],
    ])('are a PDF in the language of %s: %s', async (wanted, language) => {
      const { status, headers, text } = await door.call(`/v1/invoices/${number}`, {
        headers: { ...pdf, ...(wanted !== undefined && { 'accept-language': wanted }) },
      });
      expect([status, text.slice(0, 5)]).toEqual([200, '%PDF-']);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/pdf',
        'content-language': language,
        'content-disposition': `inline; filename="${number}.pdf"`,
        vary: 'accept, accept-language',
      });
    });

    it('are the same bytes each time', async () => {
      const first = await door.call(`/v1/invoices/${number}`, { headers: pdf });
      const second = await door.call(`/v1/invoices/${number}`, { headers: pdf });
      expect(first.text).toBe(second.text);
    });

    it('are JSON or CSV to those who want these more', async () => {
      const types = ['application/pdf;q=0.5, text/csv', 'application/pdf;q=0.5, */*', '*/*'];
      const answers = types.map(async (accept) => {
        const { headers } = await door.call(`/v1/invoices/${number}`, { headers: { accept } });
        return headers.get('content-type');
      });
      expect(await Promise.all(answers)).toEqual([
        'text/csv; charset=utf-8',
        'application/json; charset=utf-8',
        'application/json; charset=utf-8',
      ]);
    });

    it('are not there for another organization', async () => {
      const answer = await door.call(`/v1/invoices/${number}`, { headers: pdf, key: other });
      expect([answer.status, answer.body.code]).toEqual([404, 'unknown_invoice']);
    });
  });
});
