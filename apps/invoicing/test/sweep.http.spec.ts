import { untold } from '#libs/http/test/contract-routes.js';
import { openApiFaults } from '#libs/http/test/openapi-check.js';
import { sweep } from '#libs/http/test/sweep.js';
import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { CLOSABLE, Stand } from './stand.js';

describe('bad input to every route of invoicing', () => {
  let stand: Stand;
  let door: Door;

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register();
    await stand.meter([metered('a', { at: NOON, quantities: { input: 1_000_000 } })]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await stand.ask();
    await stand.reactor().advanceAll();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('has a document to be told by: every route of the contract, whole', async () => {
    const document = (await door.call('/openapi.json')).body as Record<string, unknown>;
    expect(untold('invoicing', document)).toEqual([]);
    expect(openApiFaults(document)).toEqual([]);
  });

  it('is refused by name, at once, and never a fault of ours', async () => {
    const { body: document } = await door.call('/openapi.json');
    const post = async (path: string, body: object) =>
      door.call(path, { method: 'POST', body: JSON.stringify(body) });
    const simulation = await post('/v1/simulations', { period: '2026-11', catalog: CATALOG_TEXT });
    const endpoint = { url: 'http://127.0.0.1:9/x', events: ['invoice.issued'] };
    const webhook = await post('/v1/webhooks', endpoint);
    expect([simulation.status, webhook.status]).toEqual([202, 201]);
    const { faults, sent } = await sweep(
      document,
      async (method, path, body) =>
        door.call(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) }),
      {
        reached: (path) =>
          path
            .replace('simulations/{id}', `simulations/${simulation.body.id}`)
            .replace('webhooks/{id}', `webhooks/${webhook.body.id}`)
            .replace('organizations/{id}', 'organizations/org_acme')
            .replace('invoices/{number}', 'invoices/MB-2026-000001')
            .replace('{line}', '1')
            .replace('{version}', '2026-11-a'),
        // Each of these would end what the others are asked about.
        without: ['DELETE /v1/webhooks/{id}'],
      },
    );
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThan(500);
  }, 120_000);
});
