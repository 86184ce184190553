import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { type Door, openDoor } from './door.js';
import { CATALOG_TEXT, Stand } from './stand.js';

const PATH = '/.well-known/inference-limits.json';
const NEXT_TEXT = CATALOG_TEXT.replace('2026-11-a', '2026-12-a')
  .replace('2026-11-01T', '2026-12-01T')
  .replace('input: "5"', 'input: "6"')
  .replace('requests_per_minute: 30', 'requests_per_minute: 31');

/** As docs/limits-document.md tells a stranger to: JSON.parse, node:crypto, and members sorted by name. Nothing of ours. */
function isSigned(text: string, keys: { kid: string; x: string }[]): boolean {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
  };
  const { signature, ...signed } = JSON.parse(text) as Record<string, unknown>;
  const { key_id, value } = signature as { key_id: string; value: string };
  const jwk = keys.find(({ kid }) => kid === key_id);
  if (!jwk) return false;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: jwk.x }, format: 'jwk' });
  const bytes = Buffer.from(JSON.stringify(sorted(signed)));
  return verify(null, bytes, key, Buffer.from(value, 'base64url'));
}

describe('public limits document', () => {
  let stand: Stand;
  let door: Door;
  const keys = async (of = door) => {
    const { body } = await of.ask('/.well-known/inference-limits/keys.json');
    return body['keys'] as { kid: string; x: string }[];
  };

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    stand.now += 1_000;
    await stand.publish(NEXT_TEXT);
    await stand.register();
    await stand.caughtUp();
    await door.ask('/v1/organizations/org_acme/limits?at_least=catalog:0:2&wait_ms=10000');
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('is signed: node:crypto and the published key alone verify it, and no changed one', async () => {
    const { text, status } = await door.ask(PATH);
    expect(status).toBe(200);
    expect(isSigned(text, await keys())).toBe(true);
    expect(isSigned(text.replace('"30"', '"31"').replace(':30,', ':31,'), await keys())).toBe(
      false,
    );
    expect(isSigned(JSON.stringify(JSON.parse(text), null, 2), await keys())).toBe(true);
  });

  it('says when it is in force, what each limit counts and where changes are told', async () => {
    const { body } = await door.ask(PATH);
    expect(body).toMatchObject({
      version: '2026-11-a',
      effective_from: '2026-11-01T00:00:00Z',
      effective_to: '2026-12-01T00:00:00Z',
      limit_counts: { requests_per_minute: 'requests', tokens_per_day: 'tokens' },
      uncounted_token_pools: ['cached_input'],
      changes: '/.well-known/inference-limits/changes',
      versions: [
        { version: '2026-11-a', published_at: '2026-11-16T12:00:00Z' },
        { version: '2026-12-a', published_at: '2026-11-16T12:00:01Z' },
      ],
    });
    expect(body['counted_token_pools']).toContain('reasoning');
    expect(body['counted_token_pools']).not.toContain('cached_input');
  });

  it('tells what will be in force, signed too', async () => {
    const { text, body } = await door.ask(`${PATH}?at=2026-12-01T00:00:00Z`);
    expect(body).toMatchObject({ version: '2026-12-a', effective_to: null });
    expect(isSigned(text, await keys())).toBe(true);
    const before = await door.ask(`${PATH}?at=2020-01-01T00:00:00Z`);
    expect(before.body).toMatchObject({ version: '2026-11-a' });
  });

  it('answers 304 to whoever has it, and another tag for another version', async () => {
    const { headers } = await door.ask(PATH);
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = await door.ask(PATH, { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    const next = await door.ask(`${PATH}?at=2026-12-01T00:00:00Z`, {
      headers: { 'if-none-match': etag },
    });
    expect(next.status).toBe(200);
  });

  it('has a feed of what changed, from version to version', async () => {
    const { body } = await door.ask('/.well-known/inference-limits/changes');
    const [first, second] = body['data'] as { version: string; changes: { path: string }[] }[];
    expect(first).toMatchObject({ version: '2026-11-a', effective_from: '2026-11-01T00:00:00Z' });
    expect(first?.changes.map(({ path }) => path)).toContain(
      '/tiers/free/limits/llama/tokens_per_minute',
    );
    expect(second).toEqual({
      version: '2026-12-a',
      effective_from: '2026-12-01T00:00:00Z',
      published_at: '2026-11-16T12:00:01Z',
      changes: [
        { path: '/models/llama/prices/on_demand/input', from: '5', to: '6' },
        { path: '/tiers/free/limits/llama/requests_per_minute', from: 30, to: 31 },
      ],
    });
    expect(body['next_cursor']).toBeNull();
  });

  it('gives its feed in pages, and from an instant on', async () => {
    const versionsOf = (body: Record<string, unknown>) =>
      (body['data'] as { version: string }[]).map(({ version }) => version);
    const feed = '/.well-known/inference-limits/changes';
    const first = await door.ask(`${feed}?limit=1`);
    expect(versionsOf(first.body)).toEqual(['2026-11-a']);
    const second = await door.ask(`${feed}?limit=1&cursor=${String(first.body['next_cursor'])}`);
    expect([versionsOf(second.body), second.body['next_cursor']]).toEqual([['2026-12-a'], null]);
    const since = await door.ask(`${feed}?since=2026-11-16T12:00:01Z`);
    expect(versionsOf(since.body)).toEqual(['2026-12-a']);
  });

  it.each([
    [`${PATH}?at=tomorrow`, '?at'],
    [`${PATH}?version=x`, '?version'],
    ['/.well-known/inference-limits/changes?since=1', '?since'],
    ['/.well-known/inference-limits/changes?cursor=nonsense', '?cursor'],
  ])('refuses %s and names %s', async (path, pointer) => {
    const { status, body } = await door.ask(path);
    expect([status, (body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, pointer]);
  });

  it('is signed by the same key after a restart, and by every instance', async () => {
    const [before] = await keys();
    const second = await openDoor(stand, { adminKey: door.adminKey, instance: 'second' });
    try {
      expect(await keys(second)).toEqual([before]);
      const [one, other] = await Promise.all([door.ask(PATH), second.ask(PATH)]);
      expect(other.text).toBe(one.text);
    } finally {
      await second.close();
    }
  });

  it('is signed by a new key under another admin key, and the old key still verifies', async () => {
    const before = await door.ask(PATH);
    const old = await keys(door);
    const second = await openDoor(stand, { instance: 'third' });
    try {
      const after = await second.ask(PATH);
      const all = await keys(second);
      expect(all).toHaveLength(2);
      expect([isSigned(before.text, all), isSigned(after.text, all)]).toEqual([true, true]);
      expect([isSigned(before.text, old), isSigned(after.text, old)]).toEqual([true, false]);
    } finally {
      await second.close();
    }
  });

  it('is signed by the key of the environment', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const limitsSigningKey = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    const own = await openDoor(stand, { limitsSigningKey, instance: 'fourth' });
    try {
      const { text } = await own.ask(PATH);
      const { x } = publicKey.export({ format: 'jwk' });
      const found = (await keys(own)).find((key) => key.x === x);
      expect(found && isSigned(text, [found])).toBe(true);
    } finally {
      await own.close();
    }
  });

  it('refuses to start with a key that is none, without showing it', async () => {
    const starting = openDoor(stand, { limitsSigningKey: 'c2VjcmV0', instance: 'fifth' });
    await expect(starting).rejects.toThrow(/^LIMITS_SIGNING_KEY must be an Ed25519 private key/);
  });

  it('keeps no usable private key in the database', async () => {
    const found = (await stand.source.query('SELECT * FROM signing_key')) as object[];
    expect(found.length).toBeGreaterThan(1);
    expect(JSON.stringify(found)).not.toContain('PRIVATE KEY');
  });
});
