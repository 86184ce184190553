import { type Answer, type Door, openDoor } from './door.js';
import { CATALOG_TEXT } from './log-writer.js';
import { Stand } from './stand.js';

const JSON_CATALOG = `{"version": "2027-01-a", "effective_from": "2027-01-01T00:00:00Z",
  "currency": "USD", "models": {}, "tiers": {"developer": {"usage": "metered"}}}`;

describe('the public catalog', () => {
  let stand: Stand;
  let door: Door;
  let before: Answer;
  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    before = await get('/v1/catalog');
    await stand.publish();
    await stand.publish(JSON_CATALOG, 'application/json');
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  const get = async (path: string, headers: Record<string, string> = {}) =>
    door.call(path, { key: '', headers });

  it('is not there before the first version was published', () => {
    expect([before.status, before.body.code]).toEqual([404, 'no_catalog']);
  });

  it('is the document in force, as JSON, without a key', async () => {
    const { status, body, headers } = await get('/v1/catalog');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: '2026-11-a',
      models: { llama: { prices: { on_demand: { input: '5' } } } },
      tiers: { free: { usage: 'free' } },
    });
    expect(headers.get('etag')).toMatch(/^"[0-9a-f]{64}-json"$/);
  });

  it.each([
    ['2020-01-01T00:00:00Z', '2026-11-a'],
    ['2026-12-31T23:59:59.999Z', '2026-11-a'],
    ['2027-01-01T00:00:00Z', '2027-01-a'],
  ])('in force at %s is %s', async (at, version) => {
    expect((await get(`/v1/catalog?at=${at}`)).body.version).toBe(version);
  });

  it('comes as the bytes that were published, in their own media type', async () => {
    const yaml = await get('/v1/catalog/2026-11-a', { accept: 'application/yaml' });
    expect(yaml.text).toBe(CATALOG_TEXT);
    expect(yaml.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    const json = await get('/v1/catalog/2027-01-a');
    expect(json.text).toBe(JSON_CATALOG);
    const neither = await get('/v1/catalog/2027-01-a', { accept: 'application/yaml' });
    expect([neither.status, neither.body.code]).toEqual([406, 'not_acceptable']);
  });

  it('is not sent again to whoever has it', async () => {
    const { headers } = await get('/v1/catalog/2026-11-a');
    const again = await get('/v1/catalog/2026-11-a', {
      'if-none-match': headers.get('etag') ?? '',
    });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(again.headers.get('etag')).toBe(headers.get('etag'));
  });

  it('lists its versions', async () => {
    const { body } = await get('/v1/catalog/versions');
    expect(body.data.map((one: { version: string }) => one.version)).toEqual([
      '2026-11-a',
      '2027-01-a',
    ]);
    expect(body.data[0]).toMatchObject({
      effective_from: '2026-11-01T00:00:00Z',
      published_at: '2026-11-16T12:00:00Z',
      media_type: 'application/yaml',
      follows: null,
      changes: [],
    });
    expect(body.data[1].follows).toBe('2026-11-a');
    expect(body.data[1].changes).toContainEqual({
      path: '/models/llama/prices/on_demand/input',
      from: '5',
      to: null,
    });
    expect((await get('/v1/catalog/versions?since=2026-11-16T12:00:00.001Z')).body.data).toEqual(
      [],
    );
  });

  it.each([
    ['/v1/catalog/1999', 404, 'unknown_catalog_version', undefined],
    ['/v1/catalog?at=yesterday', 400, 'invalid_request', '?at'],
    ['/v1/catalog/versions?since=x', 400, 'invalid_request', '?since'],
    ['/v1/catalog?version=1', 400, 'invalid_request', '?version'],
  ])('%s is %i %s', async (path, status, code, pointer) => {
    const { status: got, body } = await get(path);
    expect([got, body.code, body.errors[0]?.pointer]).toEqual([status, code, pointer]);
  });
});
