import { rows } from '#libs/database/database.js';
import { metered } from '#libs/usage/test/metered.js';
import { SimulationReactor } from '../consumers/simulation.reactor.js';
import { simulationParts } from '../http/document-doors.js';
import { type Door, openDoor } from './door.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { NOVEMBER, Stand, until } from './stand.js';

const PATH = '/v1/simulations';
/** Input cheaper, output dearer, the plan of a team cheaper. */
const DRAFT = CATALOG_TEXT.replace('version: 2026-11-a', 'version: draft')
  .replace('input: "5"', 'input: "4"')
  .replace('output: "10"', 'output: "12"')
  .replace('monthly_fee: "20"', 'monthly_fee: "15"');

describe('simulations', () => {
  let stand: Stand;
  let door: Door;
  let acme: string;
  let usage: string;

  const ask = async (body: unknown, init: RequestInit & { key?: string } = {}) =>
    door.call(PATH, { method: 'POST', body: JSON.stringify(body), ...init });
  async function done(body: unknown, query = '', key?: string) {
    const init = key === undefined ? {} : { key };
    const { body: asked } = await ask(body, init);
    const path = `${PATH}/${asked.id}`;
    await until(async () => (await door.call(path, init)).body.state === 'done');
    return (await door.call(path + query, init)).body;
  }

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme', 'team');
    for (const id of ['org_in', 'org_out', 'org_idle', 'org_odd']) await stand.register(id);
    await stand.register('org_free', 'free');
    acme = await stand.key('org_acme');
    usage = await stand.key('org_acme', ['usage:read']);
    const of = (organization: string) => ({ organization });
    await stand.meter([
      metered('a', { at: NOON, quantities: { input: 1_000_000 } }),
      metered('b', { at: NOON, quantities: { input: 1_000 } }, of('org_in')),
      metered('c', { at: NOON, quantities: { output: 1_000 } }, of('org_out')),
      metered('d', { at: NOON, quantities: { output: 1_000 } }, of('org_free')),
      metered('e', { at: NOON, quantities: { cached_input: 1_000 } }, of('org_odd')),
      metered('f', { at: NOON, quantities: { input: 5 } }, of('org_ghost')),
    ]);
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('price a month again: totals, winners and losers', async () => {
    const { status, body, headers } = await ask({ catalog: DRAFT, period: '2026-11' });
    expect([status, headers.get('location')]).toEqual([202, `${PATH}/${body.id}`]);
    const found = await done({ catalog: DRAFT, period: '2026-11' });
    expect(found).toMatchObject({
      state: 'done',
      period: '2026-11',
      catalog_version: 'draft',
      currency: 'USD',
      organizations_requested: null,
      progress: { done: 7, total: 7 },
      totals: {
        organizations: 6,
        before_exact: '25.0175',
        after_exact: '19.0185',
        difference_exact: '-5.999',
      },
      winners: { organizations: 2, difference_exact: '-6.001' },
      losers: { organizations: 1, difference_exact: '0.002' },
      unchanged: 3,
      incomplete: 0,
      skipped: 1,
      next_cursor: null,
    });
    expect(found.winners.largest.map((one: { organization: string }) => one.organization)).toEqual([
      'org_acme',
      'org_in',
    ]);
    expect(found.organizations).toContainEqual({
      organization: 'org_acme',
      outcome: 'winner',
      before_exact: '25',
      after_exact: '19',
      difference_exact: '-6',
      missing_prices: [],
      reason: null,
    });
    expect(found.organizations).toContainEqual({
      organization: 'org_ghost',
      outcome: 'skipped',
      before_exact: null,
      after_exact: null,
      difference_exact: null,
      missing_prices: [],
      reason: 'unknown_organization',
    });
  });

  it('before is what the draft invoice says', async () => {
    const found = await done({ catalog: DRAFT, period: '2026-11', organizations: ['org_acme'] });
    const draft = await door.call('/v1/organizations/org_acme/upcoming-invoice');
    expect(found.organizations[0].before_exact).toBe(draft.body.subtotal_exact);
    expect(found).toMatchObject({ progress: { done: 1, total: 1 }, organizations: [{}] });
  });

  it('are incomplete where the draft has no price, and leave that out of the totals', async () => {
    const draft = DRAFT.replace('cached_input: "2.5", ', '');
    const found = await done({ catalog: draft, period: '2026-11' }, '?outcome=incomplete');
    expect(found).toMatchObject({
      incomplete: 1,
      totals: { organizations: 5, before_exact: '25.015' },
      organizations: [
        { organization: 'org_odd', missing_prices: ['llama cached_input, on_demand'] },
      ],
    });
  });

  it('skip accounts in another currency than the draft', async () => {
    const found = await done({ catalog: DRAFT.replace('USD', 'EUR'), period: '2026-11' });
    expect(found).toMatchObject({ skipped: 7, totals: { organizations: 0, after_exact: '0' } });
  });

  it('take the document itself, too', async () => {
    const catalog = {
      version: 'json',
      effective_from: '2026-12-01T00:00:00Z',
      currency: 'USD',
      models: { llama: { prices: { on_demand: { input: '1' } } } },
      tiers: { team: { monthly_fee: '0', usage: 'metered' } },
    };
    const organizations = ['org_acme'];
    const found = await done({ catalog, period: '2026-11', organizations });
    expect(found.totals).toMatchObject({ before_exact: '25', after_exact: '1' });
  });

  it('give organizations in pages', async () => {
    const { body } = await ask({ catalog: DRAFT, period: '2026-11' });
    const path = `${PATH}/${body.id}`;
    await until(async () => (await door.call(path)).body.state === 'done');
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page = await door.call(`${path}?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(
        ...page.body.organizations.map((one: { organization: string }) => one.organization),
      );
      cursor = page.body.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([...seen].toSorted());
    expect(seen).toHaveLength(7);
  });

  it('are listed, the last asked first, each in its own organization', async () => {
    const own = await done({ catalog: DRAFT, period: '2026-11' }, '', acme);
    expect(own.organizations_requested).toEqual(['org_acme']);
    const all = await door.call(`${PATH}?limit=1`);
    expect(all.body.data).toMatchObject([{ id: own.id, state: 'done' }]);
    const next = await door.call(`${PATH}?limit=500&cursor=${all.body.next_cursor}`);
    expect(next.body.data.length).toBeGreaterThan(4);
    const mine = await door.call(PATH, { key: acme });
    expect(
      mine.body.data.every(
        (one: { organizations_requested: unknown }) => one.organizations_requested !== null,
      ),
    ).toBe(true);
    const foreign = next.body.data.find(
      (one: { organizations_requested: unknown }) => one.organizations_requested === null,
    );
    const hidden = await door.call(`${PATH}/${foreign.id}`, { key: acme });
    expect([hidden.status, hidden.body.code]).toEqual([404, 'unknown_simulation']);
  });

  it('replay an answer to the same key', async () => {
    const init = { headers: { 'idempotency-key': 'simulate-1' } };
    const body = { catalog: DRAFT, period: '2026-11', organizations: ['org_acme'] };
    const [first, second] = [await ask(body, init), await ask(body, init)];
    expect([second.body.id, second.headers.get('idempotency-replayed')]).toEqual([
      first.body.id,
      'true',
    ]);
  });

  it.each([
    [{ period: '2026-11' }, 400, 'invalid_request', '/catalog'],
    [{ catalog: DRAFT }, 400, 'invalid_request', '/period'],
    [{ catalog: DRAFT, period: '2026-13' }, 400, 'invalid_request', '/period'],
    [{ catalog: 7, period: '2026-11' }, 400, 'invalid_request', '/catalog'],
    [
      { catalog: DRAFT, period: '2026-11', organizations: [] },
      400,
      'invalid_request',
      '/organizations',
    ],
    [
      { catalog: DRAFT, period: '2026-11', organizations: ['a'] },
      400,
      'invalid_request',
      '/organizations/0',
    ],
    [{ catalog: DRAFT, period: '2026-11', dry: 1 }, 400, 'invalid_request', '/dry'],
    [
      { catalog: DRAFT.replace('"4"', '"-4"'), period: '2026-11' },
      422,
      'invalid_catalog',
      '/catalog/models/llama/prices/on_demand/input',
    ],
  ])('refuse %#', async (body, status, code, pointer) => {
    const answer = await ask(body);
    expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([
      status,
      code,
      pointer,
    ]);
  });

  it('name the line of a bad catalog', async () => {
    const { body } = await ask({ catalog: DRAFT.replace('"4"', '"-4"'), period: '2026-11' });
    expect(body.errors[0]).toMatchObject({ line: 5, detail: expect.stringContaining('line 5: ') });
  });

  it('are not for others, nor without the scope', async () => {
    const body = { catalog: DRAFT, period: '2026-11', organizations: ['org_in'] };
    const other = await ask(body, { key: acme });
    expect([other.status, other.body.code]).toEqual([404, 'unknown_organization']);
    expect((await ask(body, { key: usage })).status).toBe(403);
    expect((await ask(body, { key: '' })).status).toBe(401);
    expect((await door.call(`${PATH}/sim_none`)).body.code).toBe('unknown_simulation');
    expect((await door.call(`${PATH}?cursor=x`)).status).toBe(400);
  });

  it('go on where a killed process left them, and touch nothing else', async () => {
    await door.close();
    const tables = 'invoice, billing_run, account, catalog_version, usage_hour'.split(', ');
    const state = async () =>
      Promise.all(
        tables.map(async (table) =>
          rows(
            stand.source,
            `SELECT count(*), coalesce(sum(hashtext(t::text)), 0) AS sum FROM ${table} t`,
          ),
        ),
      );
    const before = await state();
    const many = Array.from({ length: 250 }, (_, index) => `org_${index}`);
    const asked = { id: 'sim_kill', period: NOVEMBER, requested: [...many, 'org_acme'] };
    const about = { catalogVersion: 'draft', currency: 'USD', document: DRAFT };
    const fresh = () => simulationParts({ source: stand.source, ...stand.stores() });
    const { simulations, answers } = fresh();
    await simulations.create(
      { ...asked, ...about, mediaType: 'application/yaml', createdAt: 1 },
      'spec',
    );
    const doneSoFar = async () =>
      (await answers.sums('sim_kill')).find(({ outcome }) => outcome === 'pending')?.count ?? 0;
    await new SimulationReactor({ ...stand.parts(), ...fresh() }).advanceAll(1);
    expect(await doneSoFar()).toBe(151);
    // Two processes on it at once.
    const both = [fresh(), fresh()].map(
      (parts) => new SimulationReactor({ ...stand.parts(), ...parts }),
    );
    await Promise.all(both.map(async (reactor) => reactor.advanceAll()));
    expect(await doneSoFar()).toBe(0);
    expect((await simulations.find('sim_kill'))?.state).toBe('done');
    expect(await answers.sums('sim_kill')).toContainEqual(
      expect.objectContaining({ outcome: 'winner', count: 1, afterFemto: 19n * 10n ** 15n }),
    );
    expect(await state()).toEqual(before);
    door = await openDoor(stand);
  });
});
