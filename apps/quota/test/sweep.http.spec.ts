import { untold } from '#libs/http/test/contract-routes.js';
import { openApiFaults } from '#libs/http/test/openapi-check.js';
import { sweep } from '#libs/http/test/sweep.js';
import { type Door, openDoor } from './door.js';
import { Stand } from './stand.js';

describe('bad input to every route of quota', () => {
  let stand: Stand;
  let door: Door;

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme');
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('has a document to be told by: every route of the contract, whole', async () => {
    const document = (await door.ask('/openapi.json')).body;
    expect(untold('quota', document)).toEqual([]);
    expect(openApiFaults(document)).toEqual([]);
  });

  it('is refused by name, at once, and never a fault of ours', async () => {
    const { body: document } = await door.ask('/openapi.json');
    const { faults, sent } = await sweep(
      document,
      async (method, path, body) =>
        door.ask(path, { method, body: body === undefined ? null : JSON.stringify(body) }),
      { reached: (path) => path.replace('organizations/{id}', 'organizations/org_acme') },
    );
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThan(200);
  }, 120_000);
});
