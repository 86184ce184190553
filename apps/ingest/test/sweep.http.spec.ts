import { untold } from '#libs/http/test/contract-routes.js';
import { openApiFaults } from '#libs/http/test/openapi-check.js';
import { sweep } from '#libs/http/test/sweep.js';
import { CATALOG_TEXT, ControlPlaneStand } from './control-plane-stand.js';

describe('bad input to every route of ingest', () => {
  let stand: ControlPlaneStand;

  beforeAll(async () => {
    stand = await ControlPlaneStand.start();
    await stand.publish(CATALOG_TEXT);
    await stand.registered('org_acme');
  });
  afterAll(async () => stand.stop());

  it('has a document to be told by: every route of the contract, whole', async () => {
    const document = (await stand.ask('GET', '/openapi.json')).body;
    expect(untold('ingest', document)).toEqual([]);
    expect(openApiFaults(document)).toEqual([]);
  });

  it('is refused by name, at once, and never a fault of ours', async () => {
    const { body: document } = await stand.ask('GET', '/openapi.json');
    const { faults, sent } = await sweep(
      document,
      async (method, path, body) =>
        stand.ask(method, path, body === undefined ? body : JSON.stringify(body)),
      { reached: (path) => path.replace('organizations/{id}', 'organizations/org_acme') },
    );
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThan(200);
  }, 120_000);
});
