import { metered } from '#libs/usage/test/metered.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, DECEMBER, NOVEMBER, Stand } from './stand.js';

const use = (id: string, input: number, organization = 'org_acme', at = NOON) =>
  metered(id, { at, quantities: { input } }, { organization });

describe('late usage', () => {
  let stand: Stand;
  const bill = async (period = NOVEMBER) => {
    const run = await stand.ask(null, period);
    await stand.reactor().advanceAll();
    return stand.summary(run);
  };
  const draft = async (period = DECEMBER) => {
    const { draft: found } = await stand.stores().basis.read('org_acme', period);
    return found?.lines.map(({ kind, usage, bills, corrects }) => [
      kind,
      usage?.units,
      bills.from,
      corrects,
    ]);
  };

  beforeEach(async () => {
    stand = await Stand.open();
    await stand.publish();
    await stand.register();
    await stand.start();
  });
  afterEach(async () => stand.close());

  it('of an invoiced month is charged on the next invoice, once, at its own price', async () => {
    await stand.meter([use('a', 1_000_000)]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill();
    const before = await stand.documents();

    const dearer = '2026-12-a';
    await stand.publish(
      `version: ${dearer}
effective_from: 2026-12-03T00:00:00Z
currency: USD
models: { llama: { prices: { on_demand: { input: "7" } } } }
tiers: { developer: { monthly_fee: "0", usage: metered } }
`,
    );
    await stand.meter([use('late', 200_000), use('new', 100_000, 'org_acme', DECEMBER.to - 1)]);
    await stand.caughtUp();
    expect(await draft()).toEqual([
      ['usage', 100_000n, DECEMBER.from, null],
      ['adjustment', 200_000n, NOVEMBER.from, 'MB-2026-000001'],
    ]);

    stand.now = DECEMBER.to + 24 * 3_600_000;
    expect(await bill(DECEMBER)).toMatchObject({ issued: 1 });
    const [november, december] = await stand.documents();
    expect(november).toEqual(before[0]);
    expect(december).toMatchObject({
      number: 'MB-2027-000001',
      lines: [
        { kind: 'usage', price_per_million: '7', amount: '0.70', catalog_version: dearer },
        {
          kind: 'adjustment',
          price_per_million: '5',
          quantity: 200_000,
          amount: '1.00',
          catalog_version: '2026-11-a',
          adjusts: {
            number: 'MB-2026-000001',
            period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
          },
        },
      ],
      total: '1.70',
    });

    // It is booked: nothing of it is left for January, and more of it is a new adjustment.
    const january = { from: DECEMBER.to, to: Date.UTC(2027, 1, 1) };
    expect(await draft(january)).toEqual([]);
    await stand.meter([use('later', 3)]);
    await stand.caughtUp();
    expect(await draft(january)).toEqual([['adjustment', 3n, NOVEMBER.from, 'MB-2026-000001']]);
  });

  it('is on the draft of the first open month only, and moves on when that is closed', async () => {
    await stand.meter([use('a', 1_000_000), use('d', 1_000_000, 'org_acme', DECEMBER.from)]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill();
    await stand.meter([use('late', 200_000)]);
    await stand.caughtUp();
    const january = { from: DECEMBER.to, to: Date.UTC(2027, 1, 1) };
    const february = { from: january.to, to: Date.UTC(2027, 2, 1) };
    const booked = ['adjustment', 200_000n, NOVEMBER.from, 'MB-2026-000001'];
    expect((await draft())?.[1]).toEqual(booked);
    expect([await draft(january), await draft(february)]).toEqual([[], []]);

    stand.now = DECEMBER.to + 24 * 3_600_000;
    await bill(DECEMBER);
    await stand.meter([use('later', 7)]);
    await stand.caughtUp();
    const more = [['adjustment', 7n, NOVEMBER.from, 'MB-2026-000001']];
    expect([await draft(january), await draft(february)]).toEqual([more, []]);
  });

  it('that is taken off again is given back', async () => {
    await stand.meter([use('a', 1_000_000), use('b', 400_000)]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill();
    await stand.meter([
      metered('void-b', { at: NOON, requests: -1, quantities: { input: -400_000 } }),
    ]);
    await stand.caughtUp();
    expect(await draft()).toEqual([['adjustment', -400_000n, NOVEMBER.from, 'MB-2026-000001']]);
    // With nothing else in December the total would be below zero: a person must look.
    stand.now = DECEMBER.to + 24 * 3_600_000;
    expect(await bill(DECEMBER)).toMatchObject({
      issued: 0,
      notIssued: [{ organization: 'org_acme', state: 'parked', reason: 'negative_total' }],
    });
    const { parked } = stand.stores();
    const [waiting] = await parked.waiting({ organization: 'org_acme' }, 9);
    expect(waiting).toMatchObject({ reason: 'negative_total', released_at: null });
    expect(JSON.parse(waiting?.document ?? '')).toMatchObject({ state: 'parked', total: '-2.00' });
    await stand.meter([use('c', 500_000, 'org_acme', DECEMBER.from)]);
    await stand.caughtUp();
    expect(await bill(DECEMBER)).toMatchObject({ issued: 1 });
    expect((await stand.documents())[1]?.total).toBe('0.50');
  });

  it('that was released is issued by the next run, other figures are parked anew', async () => {
    await stand.meter([use('a', 1_000_000), use('b', 400_000)]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill();
    const back = (id: string, input: number) =>
      metered(id, { at: NOON, requests: -1, quantities: { input } });
    await stand.meter([back('one', -200_000)]);
    await stand.caughtUp();
    stand.now = DECEMBER.to + 24 * 3_600_000;
    await bill(DECEMBER);
    await bill(DECEMBER);
    const { parked } = stand.stores();
    const waiting = async () => parked.waiting({}, 9);
    const [first, ...more] = await waiting();
    expect(more).toEqual([]);
    const by = { caller: 'key_1', reason: 'agreed', at: stand.now };
    expect(await parked.release(first?.id ?? '', by)).toBe(true);
    expect(await parked.release(first?.id ?? '', by)).toBe(false);

    await stand.meter([back('two', -200_000)]);
    await stand.caughtUp();
    expect(await bill(DECEMBER)).toMatchObject({ issued: 0, parked: 1 });
    const [second] = await waiting();
    expect(second?.id).not.toBe(first?.id);
    await parked.release(second?.id ?? '', by);
    expect(await bill(DECEMBER)).toMatchObject({ issued: 1 });
    expect((await stand.documents())[1]?.total).toBe('-2.00');
    expect(await waiting()).toEqual([]);
  });

  it('of a month that was closed with nothing to bill does not vanish', async () => {
    await stand.caughtUp();
    stand.now = CLOSABLE;
    expect(await bill()).toMatchObject({ empty: 1, issued: 0 });
    await stand.meter([use('late', 1_000_000), use('new', 1_000_000, 'org_acme', DECEMBER.from)]);
    await stand.caughtUp();
    stand.now = DECEMBER.to + 24 * 3_600_000;
    expect(await bill(DECEMBER)).toMatchObject({ issued: 1 });
    const [december] = await stand.documents();
    expect(december?.lines.map(({ kind, adjusts }) => [kind, adjusts?.number])).toEqual([
      ['usage', undefined],
      ['adjustment', null],
    ]);
    // November is on December's invoice now: it cannot be charged a second time.
    expect(await bill(NOVEMBER)).toMatchObject({ issued: 0, empty: 1 });
    expect(await stand.documents()).toHaveLength(1);
  });

  it('without a price blocks the next invoice', async () => {
    await stand.meter([use('a', 1)]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill();
    await stand.meter([metered('late', { at: NOON, model: 'mystery' })]);
    await stand.meter([use('new', 1, 'org_acme', DECEMBER.from)]);
    await stand.caughtUp();
    stand.now = DECEMBER.to + 24 * 3_600_000;
    expect(await bill(DECEMBER)).toMatchObject({
      notIssued: [{ state: 'blocked', reason: 'suspense' }],
    });
  });

  it('is on the invoice of its own month when that comes after a later one', async () => {
    await stand.meter([use('a', 1_000_000), use('b', 500_000, 'org_acme', DECEMBER.from)]);
    await stand.caughtUp();
    stand.now = DECEMBER.to + 24 * 3_600_000;
    await bill(DECEMBER);
    await bill(NOVEMBER);
    const totals = (await stand.documents()).map(({ period, total }) => [period.from, total]);
    expect(totals).toEqual([
      ['2026-12-01T00:00:00Z', '2.50'],
      ['2026-11-01T00:00:00Z', '5.00'],
    ]);
  });
});
