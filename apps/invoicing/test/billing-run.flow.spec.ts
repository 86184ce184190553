import { metered } from '#libs/usage/test/metered.js';
import type { Issuing } from '../store/issuing.js';
import { PagedRun } from '../store/paged-run.js';
import { PageWriter } from '../store/page-writer.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand } from './stand.js';

const use = (id: string, input: number, organization = 'org_acme', at = NOON) =>
  metered(id, { at, quantities: { input } }, { organization });

describe('a billing run', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await Stand.open();
    await stand.publish();
  });
  afterEach(async () => stand.close());

  it('makes an invoice of metered usage, with its cut', async () => {
    await stand.register();
    await stand.start();
    await stand.meter([use('a', 1_000), use('b', 500)]);
    await stand.meter([use('c', 500)], 1);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    const run = await stand.ask();
    await stand.reactor().advanceAll();
    expect(await stand.summary(run)).toMatchObject({ state: 'done', issued: 1, pending: 0 });
    const [invoice] = await stand.documents();
    expect(invoice).toMatchObject({
      number: 'MB-2026-000001',
      state: 'issued',
      organization: 'org_acme',
      bill_to: { legal_name: 'Acme GmbH' },
      issued_at: '2026-12-02T00:00:00Z',
      due_at: '2027-01-01T00:00:00Z',
      lines: [
        {
          kind: 'usage',
          quantity: 2_000,
          events: 3,
          price_per_million: '5',
          amount_exact: '0.01',
          amount: '0.01',
          catalog_version: '2026-11-a',
        },
      ],
      subtotal_exact: '0.01',
      total: '0.01',
      cut: { 'usage.recorded': { 0: 2, 1: 1 }, accounts: { 0: 1 }, catalog: { 0: 1 } },
    });
  });

  it('issues nothing until a partition that was held back has come, idle ones or not', async () => {
    await stand.register();
    await stand.start();
    await stand.meter([use('a', 1_000)]);
    // Recorded in time, not metered yet: the clock alone would bill without it.
    await stand.record(1, 1);
    await stand.caughtUp();
    stand.now = CLOSABLE + 30 * 86_400_000;
    const run = await stand.ask();
    const reactor = stand.reactor();
    for (let round = 0; round < 3; round += 1) await reactor.advanceAll();
    expect(await stand.summary(run)).toMatchObject({ state: 'running', issued: 0 });
    expect(await stand.documents()).toEqual([]);
    const { runs, cuts } = stand.stores();
    const { evidence } = (await runs.find(run)) ?? {};
    expect(await cuts.behind(evidence ?? {})).toEqual([
      { topic: 'usage.recorded', partition: 1, position: 0, needed: 1 },
    ]);

    await stand.count([use('late', 1_000)], 1);
    await stand.caughtUp();
    await reactor.advanceAll();
    expect(await stand.summary(run)).toMatchObject({ state: 'done', issued: 1 });
    expect((await stand.documents())[0]?.lines[0]?.quantity).toBe(2_000);
  });

  it('does not wait for what was recorded after its evidence was taken', async () => {
    await stand.register();
    await stand.start();
    await stand.meter([use('a', 1_000)]);
    await stand.record(1, 1);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    const run = await stand.ask();
    await stand.reactor().advanceAll();
    await stand.count([use('b', 1)], 1);
    await stand.record(5, 0);
    await stand.caughtUp();
    await stand.reactor().advanceAll();
    expect(await stand.summary(run)).toMatchObject({ state: 'done', issued: 1 });
  });

  it('blocks whoever has usage without a price, or is not registered, and no one else', async () => {
    for (const organization of ['org_acme', 'org_mystery', 'org_idle', 'org_free'])
      await stand.register(organization, organization === 'org_free' ? 'free' : 'developer');
    await stand.start();
    await stand.meter([
      use('a', 1_000),
      metered('b', { at: NOON, model: 'mystery' }, { organization: 'org_mystery' }),
      use('c', 10, 'org_ghost'),
      use('d', 1_000_000, 'org_free'),
    ]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    const run = await stand.ask();
    await stand.reactor().advanceAll();
    expect(await stand.summary(run)).toMatchObject({
      state: 'done',
      issued: 2,
      empty: 1,
      blocked: 2,
      notIssued: [
        {
          organization: 'org_ghost',
          state: 'blocked',
          reason: 'unknown_organization',
          detail: 'org_ghost is not registered',
        },
        {
          organization: 'org_mystery',
          state: 'blocked',
          reason: 'suspense',
          detail: '10 of mystery input (on_demand) have no price',
        },
      ],
    });
    const [free] = await stand.documents('org_free');
    expect(free?.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['usage', '5.00'],
      ['credit', '-5.00'],
    ]);
    expect(free?.total).toBe('0.00');

    // Once it is registered, a second run bills what waited and leaves the others alone.
    await stand.register('org_ghost', 'developer', CLOSABLE);
    await stand.caughtUp();
    const second = await stand.ask();
    await stand.reactor().advanceAll();
    expect(await stand.summary(second)).toMatchObject({ issued: 1, already_issued: 2, blocked: 1 });
    expect((await stand.documents('org_ghost'))[0]?.lines[0]?.quantity).toBe(10);
  });

  it('goes on after the last page that was committed, and issues everyone once', async () => {
    const organizations = Array.from({ length: 7 }, (_, index) => `org_${index}`);
    for (const organization of organizations) await stand.register(organization);
    await stand.start();
    await stand.meter(organizations.map((organization) => use(organization, 1_000, organization)));
    await stand.caughtUp();
    stand.now = CLOSABLE;
    const run = await stand.ask();
    // The process dies when the third page of two was committed, before it heard of that.
    const writer = new PageWriter(stand.source, () => stand.now, {
      legalEntity: 'MB',
      dueDays: 30,
    });
    const write = writer.write.bind(writer);
    let written = 0;
    writer.write = async (...about) => {
      const outcome = await write(...about);
      written += 1;
      if (written === 3) throw Object.assign(new Error('killed'), { code: '57P01' });
      return outcome;
    };
    const dying = new PagedRun({ ...stand.stores(), writer, pageSize: 2 });
    await expect(stand.reactor({ paged: dying }).advanceAll()).rejects.toThrow('killed');
    expect(await stand.summary(run)).toMatchObject({ state: 'running', issued: 6, pending: 0 });
    expect(await stand.documents()).toHaveLength(6);

    const [first, second] = [stand.reactor(), stand.reactor()];
    await Promise.all([first.advanceAll(), second.advanceAll()]);
    expect(await stand.summary(run)).toMatchObject({ state: 'done', issued: 7, pending: 0 });
    const documents = await stand.documents();
    expect(documents.map(({ number }) => number)).toEqual(
      organizations.map((_, index) => `MB-2026-00000${index + 1}`),
    );
  });

  it('parks the organization that it cannot issue for a reason nobody foresaw, and goes on', async () => {
    for (const organization of ['org_a', 'org_b', 'org_mystery'])
      await stand.register(organization);
    await stand.start();
    const unpriced = { at: NOON, model: 'mystery' };
    await stand.meter([
      use('b', 1, 'org_b'),
      metered('a', unpriced, { organization: 'org_a' }),
      metered('m', unpriced, { organization: 'org_mystery' }),
    ]);
    await stand.caughtUp();
    const { issuing } = stand.stores();
    const broken = {
      issue: async (...about: Parameters<Issuing['issue']>) => {
        if (about[0] === 'org_a') throw new RangeError('no such thing');
        return issuing.issue(...about);
      },
    } as Issuing;
    stand.now = CLOSABLE;
    const run = await stand.ask();
    await stand.reactor({ issuing: broken }).advanceAll();
    expect(await stand.summary(run)).toMatchObject({
      state: 'done',
      issued: 1,
      notIssued: [
        { organization: 'org_a', state: 'parked', reason: 'failed', detail: 'no such thing' },
        { organization: 'org_mystery', state: 'blocked', reason: 'suspense' },
      ],
    });
  });

  it('is worked off in the background as soon as it is asked for', async () => {
    await stand.register();
    await stand.start();
    await stand.meter([use('a', 1_000)]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    const stores = stand.stores();
    const reactor = stand.reactor(stores);
    reactor.onApplicationBootstrap();
    const run = await stand.ask();
    stores.signal.ring();
    const end = Date.now() + 5_000;
    while ((await stand.summary(run)).state !== 'done' && Date.now() < end)
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    await reactor.beforeApplicationShutdown();
    expect(await stand.summary(run)).toMatchObject({ state: 'done', issued: 1 });
  });
});
