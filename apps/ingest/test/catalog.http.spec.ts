import { CATALOG } from '#libs/events/topics.js';
import { decodeCatalogFact } from '#libs/events/catalog-fact.js';
import { CATALOG_TEXT, ControlPlaneStand, faults } from './control-plane-stand.js';

const next = (from: string, version = '2026-12-a'): string =>
  CATALOG_TEXT.replace('2026-11-a', version)
    .replace('2026-11-01T00:00:00Z', from)
    .replace('"0.05"', '"0.06"');

describe('publishing a catalog', () => {
  let stand: ControlPlaneStand;

  beforeEach(async () => {
    stand = await ControlPlaneStand.start();
  });

  afterEach(async () => stand.stop());

  it('takes the first version from any hour on and keeps its bytes', async () => {
    const answer = await stand.publish(CATALOG_TEXT);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      version: '2026-11-a',
      effective_from: '2026-11-01T00:00:00Z',
      position: { topic: 'catalog', partition: 0, offset: 1 },
    });
    const [record] = await stand.log.read(CATALOG, 0, 0);
    expect(record?.key).toBe('2026-11-a');
    const { fact } = decodeCatalogFact(record?.value ?? Buffer.alloc(0));
    expect(fact.document.toString()).toBe(CATALOG_TEXT);
    expect(fact.mediaType).toBe('application/yaml');
  });

  it('says what a later version changes', async () => {
    await stand.publish(CATALOG_TEXT);
    const answer = await stand.publish(next('2026-12-01T00:00:00Z'));
    expect(answer.status).toBe(201);
    expect(answer.body['changes']).toEqual([
      { path: '/models/llama-3.1-8b-instant/prices/on_demand/input', from: '0.05', to: '0.06' },
    ]);
  });

  it('takes JSON too', async () => {
    const document = {
      version: 'json-1',
      effective_from: '2026-11-01T00:00:00Z',
      currency: 'USD',
      models: { m: { prices: { on_demand: { input: '1' } } } },
      tiers: { free: { title: 'Free', monthly_fee: '0', usage: 'free', features: [], limits: {} } },
    };
    const answer = await stand.ask('POST', '/v1/catalog', document);
    expect([answer.status, answer.body['version']]).toEqual([201, 'json-1']);
  });

  it('only checks in a dry run', async () => {
    const answer = await stand.publish(CATALOG_TEXT, '?dry_run=true');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ version: '2026-11-a', position: null, dry_run: true });
    expect(await stand.log.watermarks(CATALOG)).toEqual([{ partition: 0, low: 0, high: 0 }]);
    const faulty = await stand.publish(CATALOG_TEXT.replace('USD', 'usd'), '?dry_run=true');
    expect(faulty.status).toBe(422);
    expect((await stand.publish(CATALOG_TEXT)).status).toBe(201);
    const known = await stand.publish(CATALOG_TEXT, '?dry_run=true');
    expect([known.status, known.body['code']]).toEqual([409, 'version_exists']);
  });

  it('never takes a version twice', async () => {
    await stand.publish(CATALOG_TEXT);
    const again = await stand.publish(CATALOG_TEXT);
    expect([again.status, again.body['code']]).toEqual([409, 'version_exists']);
    expect(await stand.log.watermarks(CATALOG)).toEqual([{ partition: 0, low: 0, high: 1 }]);
  });

  it.each([
    // effective from              fault
    ['2026-11-24T09:00:00Z', '/effective_from too_early'],
    ['2026-10-01T00:00:00Z', '/effective_from too_early'],
    ['2026-12-01T00:00:00Z', '/effective_from not_after_published'],
    ['2026-11-30T00:00:00Z', '/effective_from not_after_published'],
  ])('refuses a later version from %s on', async (from, expected) => {
    await stand.publish(CATALOG_TEXT);
    await stand.publish(next('2026-12-01T00:00:00Z'));
    const answer = await stand.publish(next(from, 'third'));
    expect([answer.status, faults(answer)]).toEqual([422, [expected]]);
    expect(answer.body['errors']).toEqual([expect.objectContaining({ line: 2 })]);
  });

  it('keeps the tiers that organizations are on, until they are moved away', async () => {
    await stand.publish(CATALOG_TEXT);
    const path = await stand.registered();
    const without = next('2026-12-01T00:00:00Z').replace(/ {2}free: .*\n/, '');
    const refused = await stand.publish(without, '?dry_run=true');
    expect([refused.status, faults(refused)]).toEqual([422, ['/tiers tier_in_use']]);
    const moved = { tier: 'developer', effective_from: '2026-12-01T00:00:00Z' };
    expect((await stand.ask('POST', `${path}/tier`, moved)).status).toBe(201);
    expect((await stand.publish(without)).status).toBe(201);
  });

  it('names each fault of a document with its line', async () => {
    const text = CATALOG_TEXT.replace('"0.05"', '"-0.05"').replace('usage: free', 'usage: gratis');
    const answer = await stand.publish(text);
    expect([answer.status, answer.body['code']]).toEqual([422, 'invalid_catalog']);
    const errors = answer.body['errors'] as { pointer: string; line: number; detail: string }[];
    expect(errors.map(({ pointer, line }) => `${line} ${pointer}`)).toEqual([
      '7 /models/llama-3.1-8b-instant/prices/on_demand/input',
      '9 /tiers/free/usage',
    ]);
    expect(errors[0]?.detail).toContain('line 7');
  });

  it.each([
    ['application/yaml', 'version: [', 422],
    ['application/json', '{"version":', 422],
    ['application/yaml', '', 422],
    ['text/plain', CATALOG_TEXT, 415],
    ['application/yaml', `# ${'x'.repeat(700_000)}`, 413],
  ])('refuses a %s body %#', async (type, text, status) => {
    const headers = { 'content-type': type };
    expect((await stand.ask('POST', '/v1/catalog', text, { headers })).status).toBe(status);
  });

  it('refuses unknown parameters, and callers without the scope', async () => {
    const answer = await stand.publish(CATALOG_TEXT, '?dry=1');
    expect([answer.status, faults(answer)]).toEqual([400, ['?dry unknown_parameter']]);
    const path = await stand.registered();
    const bound = await stand.key(path.split('/').at(-1) ?? '', 'admin');
    const biller = await stand.key(null, 'billing:write');
    const headers = { 'content-type': 'application/yaml' };
    for (const key of [bound, biller])
      expect((await stand.ask('POST', '/v1/catalog', CATALOG_TEXT, { key, headers })).status).toBe(
        403,
      );
  });

  it('replays the answer of the same request, also after the log was away', async () => {
    const headers = { 'content-type': 'application/yaml', 'idempotency-key': 'november' };
    const publish = async () => stand.ask('POST', '/v1/catalog', CATALOG_TEXT, { headers });
    stand.log.available(false);
    expect((await publish()).status).toBe(503);
    stand.log.available(true);
    const back = await publish();
    expect([back.status, back.body['position']]).toEqual([
      201,
      { topic: 'catalog', partition: 0, offset: 1 },
    ]);
    const again = await publish();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(back.body);
  });
});
