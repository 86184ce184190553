import { untold } from '#libs/http/test/contract-routes.js';
import { openApiFaults } from '#libs/http/test/openapi-check.js';
import { sweep } from '#libs/http/test/sweep.js';
import { ReadStand } from './read-stand.js';
import { publish, register } from './read-terms.js';

describe('bad input to every route of metering that reads', () => {
  let stand: ReadStand;

  beforeAll(async () => {
    stand = await ReadStand.open();
    await register(stand.source, 'org_a', 'org_acme');
    await publish(stand.source, 1, '2026-11-01T00:00:00Z');
  });
  afterAll(async () => stand.close());

  it('has a document to be told by: every route of the contract, whole', async () => {
    const document = (await stand.get('/openapi.json', '')).body;
    expect(untold('metering', document)).toEqual([]);
    expect(openApiFaults(document)).toEqual([]);
  });

  it('is refused by name, at once, and never a fault of ours', async () => {
    const { body: document } = await stand.get('/openapi.json', '');
    const { faults, sent } = await sweep(document, async (_method, path) =>
      stand.get(path, path.startsWith('/v1/organization/') ? 'a' : 'all'),
    );
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThan(300);
  }, 120_000);
});
