import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand, until } from './stand.js';

const BEFORE = { name: 'Before GmbH', address: 'Alte Straße 1\nBerlin', tax_ids: ['DE1'] };
const AFTER = { name: 'After AG', email: 'bills@after.example' };

describe('who issues a document', () => {
  let stand: Stand;
  let door: Door;
  const reopen = async (seller?: { name: string }) => {
    await door?.close();
    door = await openDoor(stand, undefined, { seller });
  };
  const bill = async (period: string) => {
    const body = JSON.stringify({ period });
    const run = await door.call('/v1/billing-runs', { method: 'POST', body });
    await until(
      async () => (await door.call(`/v1/billing-runs/${run.body.id}`)).body.state === 'done',
    );
  };
  const read = async (number: string) => (await door.call(`/v1/invoices/${number}`)).body;
  const print = async (path: string) =>
    (await door.call(path, { headers: { accept: 'application/pdf' } })).text;

  beforeAll(async () => {
    stand = await Stand.open();
    await reopen(BEFORE);
    await stand.publish();
    await stand.register();
    await stand.register('org_old');
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 1_000_000 } }),
      metered('b', { at: NOON, quantities: { input: 2_000_000 } }, { organization: 'org_old' }),
    ]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('is kept in it: a document says and prints the same when the environment changes', async () => {
    await bill('2026-11');
    const [invoice] = (await door.call('/v1/invoices?organization=org_acme')).body.data;
    const seller = { ...BEFORE, legal_name: null, email: null };
    expect(invoice.seller).toEqual(seller);
    const path = `/v1/invoices/${invoice.number}`;
    const printed = await print(path);
    await reopen(AFTER);
    expect((await read(invoice.number)).seller).toEqual(seller);
    expect((await print(path)) === printed).toBe(true);
    const verified = await door.call(`${path}/verify`, { method: 'POST' });
    expect(verified.body).toMatchObject({ equal: true, bytes_equal: true });
    const { text } = await door.call('/v1/exports/focus?period=2026-11&organization=org_acme');
    expect([text.includes('Before GmbH'), text.includes('After AG')]).toEqual([true, false]);
  }, 60_000);

  it('of a credit note is who issues the note', async () => {
    const [invoice] = (await door.call('/v1/invoices?organization=org_acme')).body.data;
    const body = JSON.stringify({ lines: [{ line: 1, amount: '1.00' }], reason: 'r' });
    const note = await door.call(`/v1/invoices/${invoice.number}/credit-notes`, {
      method: 'POST',
      body,
    });
    expect(note.body.seller).toMatchObject(AFTER);
  });

  it('is not in documents of an installation that does not say', async () => {
    await reopen();
    const [invoice] = (await door.call('/v1/invoices?organization=org_old')).body.data;
    const reason = JSON.stringify({ reason: 'again' });
    await door.call(`/v1/invoices/${invoice.number}/void`, { method: 'POST', body: reason });
    await bill('2026-11');
    const path = '/v1/invoices?organization=org_old&state=issued';
    const [again] = (await door.call(path)).body.data;
    expect(again.number).not.toBe(invoice.number);
    expect('seller' in again).toBe(false);
    expect((await print(`/v1/invoices/${again.number}`)).slice(0, 5)).toBe('%PDF-');
  }, 60_000);
});
