import { metered } from '#libs/usage/test/metered.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, DECEMBER, NOVEMBER, Stand } from './stand.js';

const TEXT = `version: 2026-11-a
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama:
    prices:
      on_demand:
        input: { graduated: [{ up_to: 1000000, price: "5" }, { price: "4" }] }
        output: { package: { size: 1000, price: "0.5" } }
        image_input: { price: "1", above_context: [{ tokens: 200000, price: "2" }] }
tiers:
  developer: { usage: metered, discount_percent: "10", minimum_commitment: "3" }
`;

const use = (id: string, quantities: Record<string, number>, at = NOON) =>
  metered(id, { at, quantities });

describe('invoices of charge models', () => {
  let stand: Stand;
  const bill = async (period = NOVEMBER) => {
    const run = await stand.ask(null, period);
    await stand.reactor().advanceAll();
    return stand.summary(run);
  };
  const linesOf = async (index: number) =>
    ((await stand.documents())[index]?.lines ?? []).map((line) => [
      line.kind,
      line.pool,
      line.part,
      line.above_context,
      line.quantity,
      line.amount_exact,
    ]);

  beforeEach(async () => {
    stand = await Stand.open();
    await stand.publish(TEXT);
    await stand.register('org_acme', 'developer', NOVEMBER.from);
    await stand.start();
  });
  afterEach(async () => stand.close());

  it('have a line for each part, and late usage goes on where the month stood', async () => {
    await stand.meter([
      use('a', { input: 900_000, output: 1_200 }),
      use('b', { image_input: 200_001 }),
      use('c', { image_input: 200_000 }),
    ]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    expect(await bill()).toMatchObject({ issued: 1 });
    expect(await linesOf(0)).toEqual([
      ['usage', 'image_input', null, null, 200_000, '0.2'],
      ['usage', 'image_input', null, 200_000, 200_001, '0.400002'],
      ['usage', 'input', 'tier 1', null, 900_000, '4.5'],
      ['usage', 'output', 'packages of 1000', null, 1_200, '1'],
      ['credit', null, null, null, null, '-0.6100002'],
    ]);

    await stand.meter([use('late', { input: 300_000, output: 900 })]);
    await stand.meter([use('new', { input: 1_000_000 }, DECEMBER.from)]);
    await stand.caughtUp();
    stand.now = DECEMBER.to + 24 * 3_600_000;
    expect(await bill(DECEMBER)).toMatchObject({ issued: 1 });
    expect(await linesOf(1)).toEqual([
      ['usage', 'input', 'tier 1', null, 1_000_000, '5'],
      ['adjustment', 'input', 'tier 1', null, 100_000, '0.5'],
      ['adjustment', 'input', 'tier 2', null, 200_000, '0.8'],
      ['adjustment', 'output', 'packages of 1000', null, 900, '0.5'],
      ['credit', null, null, null, null, '-0.68'],
    ]);
    expect((await stand.documents())[1]?.total).toBe('6.12');
  });

  it('owe what a minimum was not reached by', async () => {
    await stand.meter([use('a', { input: 100_000 })]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await bill();
    expect(await linesOf(0)).toEqual([
      ['usage', 'input', 'tier 1', null, 100_000, '0.5'],
      ['commitment', null, null, null, null, '2.55'],
      ['credit', null, null, null, null, '-0.05'],
    ]);
    expect((await stand.documents())[0]?.total).toBe('3.00');
  });
});
