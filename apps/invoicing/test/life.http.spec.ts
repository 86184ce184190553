import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand, until } from './stand.js';
import { told } from './told.js';

describe('the life of an invoice', () => {
  let stand: Stand;
  let door: Door;
  let number: string;

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme');
    await stand.meter([metered('a', { at: NOON, quantities: { input: 1_000_000 } })]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    for (const period of ['2026-11', '2026-11']) {
      const body = JSON.stringify({ period });
      const run = await door.call('/v1/billing-runs', { method: 'POST', body });
      const path = `/v1/billing-runs/${run.body.id}`;
      await until(async () => (await door.call(path)).body.state === 'done');
    }
    number = (await door.call('/v1/invoices')).body.data[0].number;
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('begins with invoice.issued, told once however many runs there are', async () => {
    await until(async () => (await told(stand, number)).length > 0);
    const events = await told(stand, number);
    expect(events).toEqual([
      expect.objectContaining({
        type: 'invoice.issued',
        organization: 'org_acme',
        data: expect.objectContaining({ number, total: '5.00', amount_due: '5.00' }),
      }),
    ]);
  });
});
