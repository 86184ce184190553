import { HOUR_MS } from '../time/instant.js';
import type { Terms } from './price-book.js';
import type { UsageRow } from './rate-month.js';
import { rateMonth, spentByHour } from './rate-month.js';
import { account, catalog, override } from './test/terms.js';

const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const day = (number: number, hour = 0) => Date.UTC(2026, 10, number, hour);

function row(part: Partial<UsageRow>): UsageRow {
  return {
    hour: day(1),
    model: 'llama',
    serviceTier: 'on_demand',
    adapter: null,
    context: 0,
    quantity: 'input',
    units: 10n,
    events: 1n,
    digestA: 1n,
    digestB: 2n,
    ...part,
  };
}

const rate = (terms: Terms, rows: readonly UsageRow[]) =>
  rateMonth({ terms, period: NOVEMBER, rows });

const first = catalog({ version: 'one', effectiveFrom: 0 });
const developer: Terms = { catalogs: [first], account: account({ tier: 'enterprise' }) };

describe('rated month', () => {
  it('has one line per kind of usage over the whole time its row was in force, not its usage', () => {
    const { lines, listFemto, spentFemto } = rate(developer, [
      row({ hour: day(3) }),
      row({ hour: day(20), units: 5n }),
      row({ quantity: 'output', units: 2n }),
      row({ quantity: 'requests', units: 3n }),
    ]);
    expect(lines).toEqual([
      {
        model: 'llama',
        serviceTier: 'on_demand',
        adapter: null,
        quantity: 'input',
        ...NOVEMBER,
        units: 15n,
        femtoPerUnit: 50n,
        amountFemto: 750n,
        freeFemto: 0n,
        discountFemto: 0n,
        part: '',
        aboveContext: 0,
        catalogVersion: 'one',
        overrideId: null,
        events: 2n,
        digestA: 2n,
        digestB: 4n,
      },
      expect.objectContaining({ quantity: 'output', units: 2n, amountFemto: 160n }),
    ]);
    expect([listFemto, spentFemto]).toEqual([910n, 910n]);
  });

  it('cuts a line where the price changes, at −1 ms, 0 and +1 ms of the hour', () => {
    const second = catalog({ version: 'two', effectiveFrom: day(10, 5), input: 70n });
    const terms = { ...developer, catalogs: [first, second] };
    const rows = [day(10, 4), day(10, 5), day(10, 6)].map((hour) => row({ hour, units: 1n }));
    expect(
      rate(terms, rows).lines.map((line) => [line.from, line.to, line.units, line.amountFemto]),
    ).toEqual([
      [NOVEMBER.from, day(10, 5), 1n, 50n],
      [day(10, 5), NOVEMBER.to, 2n, 140n],
    ]);
  });

  it('makes a line of its own for another catalog version of the same price', () => {
    const second = catalog({ version: 'two', effectiveFrom: day(10) });
    const { lines } = rate({ ...developer, catalogs: [first, second] }, [
      row({ hour: day(9) }),
      row({ hour: day(11) }),
    ]);
    expect(lines.map((line) => [line.catalogVersion, line.femtoPerUnit])).toEqual([
      ['one', 50n],
      ['two', 50n],
    ]);
  });

  it('makes another line when a price comes back later', () => {
    const overrides = [override({ prices: { input: '0.00000004' }, from: day(10), to: day(20) })];
    const terms = { ...developer, account: account({ tier: 'enterprise', overrides }) };
    const rows = [day(5), day(15), day(25)].map((hour) => row({ hour }));
    expect(
      rate(terms, rows).lines.map((line) => [
        line.from,
        line.to,
        line.amountFemto,
        line.overrideId,
      ]),
    ).toEqual([
      [NOVEMBER.from, day(10), 500n, null],
      [day(10), day(20), 400n, 'ovr'],
      [day(20), NOVEMBER.to, 500n, null],
    ]);
  });

  it('rates free usage at list price and takes all of it off', () => {
    const rated = rate({ catalogs: [first], account: account() }, [row({})]);
    expect(rated.lines[0]).toMatchObject({ amountFemto: 500n, freeFemto: 500n });
    expect(rated).toMatchObject({ listFemto: 500n, freeFemto: 500n, spentFemto: 0n });
  });

  it('charges from the hour at which an organization leaves the free tier, on one line', () => {
    const tiers = [
      { tier: 'free', from: 0 },
      { tier: 'developer', from: day(10, 5) },
    ];
    const terms = { catalogs: [first], account: account({ tiers }) };
    const { lines, spentFemto } = rate(terms, [
      row({ hour: day(10, 4), units: 7n }),
      row({ hour: day(10, 5), units: 1n }),
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ units: 8n, amountFemto: 400n, freeFemto: 350n, ...NOVEMBER });
    expect(spentFemto).toBe(50n);
  });

  it('prices adapters by class and by the tier’s own rows while the tier is in force', () => {
    const tiers = [
      { tier: 'developer', from: 0 },
      { tier: 'enterprise', from: day(10) },
    ];
    const terms = { catalogs: [first], account: account({ tiers }) };
    const rows = [row({ hour: day(1), adapter: 'mine' }), row({ hour: day(11), adapter: 'mine' })];
    expect(rate(terms, rows).lines.map((line) => [line.adapter, line.amountFemto])).toEqual([
      ['mine', 600n],
      ['mine', 500n],
    ]);
  });

  it('leaves usage without a price row unpriced, never at zero', () => {
    const rated = rate(developer, [row({ quantity: 'reasoning' }), row({ model: 'unknown' })]);
    expect(rated.lines).toEqual([]);
    expect(rated.spentFemto).toBe(0n);
    expect(rated.unpriced).toEqual([
      expect.objectContaining({ model: 'llama', quantity: 'reasoning', units: 10n, events: 1n }),
      expect.objectContaining({ model: 'unknown', ...NOVEMBER }),
    ]);
  });

  it('leaves out what was voided again, priced or not', () => {
    const voided = { units: -10n, events: -1n, digestA: 5n };
    const rated = rate(developer, [
      row({}),
      row(voided),
      row({ model: 'unknown' }),
      row({ model: 'unknown', ...voided }),
    ]);
    expect([rated.lines, rated.unpriced]).toEqual([[], []]);
  });

  it('reduces digests modulo 2^64', () => {
    const most = 2n ** 64n - 1n;
    const [line] = rate(developer, [row({ digestA: most }), row({ digestA: 2n })]).lines;
    expect(line?.digestA).toBe(1n);
  });

  it('stays exact far above 2^63', () => {
    const units = 2n ** 70n + 1n;
    expect(rate(developer, [row({ units })]).spentFemto).toBe(units * 50n);
  });

  it('refuses rows of another month', () => {
    expect(() => rate(developer, [row({ hour: NOVEMBER.to })])).toThrow('is outside');
    expect(() => rate(developer, [row({ hour: NOVEMBER.from - HOUR_MS })])).toThrow('is outside');
  });

  it('tells what each hour added to the spend', () => {
    const rows = [
      row({ hour: day(2), units: 1n }),
      row({ hour: day(1), units: 2n }),
      row({ hour: day(2), quantity: 'output', units: 1n }),
      row({ hour: day(2), quantity: 'requests', units: 1n }),
      row({ hour: day(3), model: 'unknown' }),
    ];
    expect(spentByHour({ terms: developer, period: NOVEMBER, rows })).toEqual([
      [day(1), 100n],
      [day(2), 130n],
    ]);
  });
});
