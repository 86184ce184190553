// The properties of a rated month under any charge models, input lengths, tiers, overrides and conditions.
import fc from 'fast-check';
import { HOUR_MS } from '../time/instant.js';
import type { Contract } from './catalog.js';
import { chargeTotal } from './charge/charge.js';
import type { PriceCell } from './price-cell-schema.js';
import { parsePrice } from './price-cell.js';
import { rateMonth, spentByHour } from './rate-month.js';
import type { RatedMonth, UsageRow } from './rate-month.js';
import { account, catalog, override } from './test/terms.js';

const period = { from: Date.UTC(2028, 1, 1), to: Date.UTC(2028, 2, 1) };
const hours = (period.to - period.from) / HOUR_MS;
const instant = fc
  .integer({ min: -50, max: hours + 50 })
  .map((hour) => period.from + hour * HOUR_MS);

const cell: fc.Arbitrary<PriceCell> = fc.constantFrom<PriceCell[]>(
  '0.000000003',
  { price: '0.000000003', free_units: 100 },
  {
    graduated: [{ up_to: 50, price: '0.00000001', flat: '0.000000001' }, { price: '0.000000004' }],
  },
  {
    volume: [
      { up_to: 80, price: '0.000000009' },
      { price: '0.000000002', flat: '0.00000001' },
    ],
  },
  { package: { size: 7, price: '0.00000002' }, free_units: 3 },
  { flat: '0.0000001' },
  { price: '0.000000001', above_context: [{ tokens: 200_000, price: '0.000000005' }] },
);
const contract: fc.Arbitrary<Contract> = fc.record(
  {
    discount: fc.constantFrom(null, 0n, 12_500_000n, 100_000_000n),
    minimumFemto: fc.constantFrom(null, 1_000n, 10n ** 9n),
    maximumFemto: fc.constantFrom(null, 700n, 10n ** 9n),
  },
  { requiredKeys: [] },
);

const usage: fc.Arbitrary<UsageRow> = fc.record({
  hour: fc.integer({ min: 0, max: hours - 1 }).map((hour) => period.from + hour * HOUR_MS),
  model: fc.constant('llama'),
  serviceTier: fc.constantFrom('on_demand', 'batch'),
  adapter: fc.constant(null),
  context: fc.constantFrom(0, 128_000, 200_000),
  quantity: fc.constantFrom('input', 'output', 'reasoning'),
  units: fc.bigInt({ min: 1n, max: 60n }),
  events: fc.constant(1n),
  digestA: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  digestB: fc.constant(1n),
});
const rowsOf = fc.array(usage, { maxLength: 15 });

const terms = fc
  .record({
    versions: fc.array(fc.record({ at: instant, input: cell, output: cell, contract }), {
      minLength: 1,
      maxLength: 3,
    }),
    tiers: fc.array(
      fc.record({ from: instant, tier: fc.constantFrom('free', 'developer', 'enterprise') }),
      { minLength: 1, maxLength: 3 },
    ),
    overrides: fc.array(fc.record({ from: instant, to: fc.option(instant), input: cell }), {
      maxLength: 2,
    }),
    effectiveFrom: instant,
  })
  .map(({ versions, tiers, overrides, effectiveFrom }) => ({
    catalogs: versions
      .toSorted((left, right) => left.at - right.at)
      .map(({ at, input, output, contract: conditions }, index) => {
        const base = catalog({ version: `v${index}`, effectiveFrom: at });
        const table = { input: parsePrice(input), output: parsePrice(output) };
        const llama = { prices: { on_demand: table, batch: table }, adapters: {} };
        return {
          ...base,
          models: { llama },
          tiers: base.tiers.map((tier) => ({ ...tier, contract: conditions })),
        };
      }),
    account: account({
      effectiveFrom,
      tiers: tiers.toSorted((left, right) => left.from - right.from),
      overrides: overrides.map(({ from, to, input }, index) =>
        override({ id: `o${index}`, from, to, prices: { input } }),
      ),
    }),
  }));

const sum = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);
const keyOf = (line: RatedMonth['lines'][number]): string =>
  [
    line.serviceTier,
    line.quantity,
    line.from,
    line.aboveContext,
    line.catalogVersion,
    line.overrideId,
    line.part,
  ].join();

describe('rated month, under any charge models', () => {
  it('is the same in whatever rows and order the usage comes', () => {
    fc.assert(
      fc.property(terms, rowsOf, fc.bigInt({ min: 0n, max: 100n }), (given, rows, share) => {
        const split = rows
          .flatMap((row) => {
            const units = (row.units * share) / 100n;
            const none = { events: 0n, digestA: 0n, digestB: 0n };
            return [
              { ...row, ...none, units },
              { ...row, units: row.units - units },
            ];
          })
          .toReversed();
        const whole = rateMonth({ terms: given, period, rows });
        expect(rateMonth({ terms: given, period, rows: split })).toEqual(whole);
      }),
    );
  });

  it('has every unit and digest once, on lines of their own that sum to the totals', () => {
    fc.assert(
      fc.property(terms, rowsOf, (given, rows) => {
        const rated = rateMonth({ terms: given, period, rows });
        const { lines, unpriced, fees, commitments } = rated;
        expect(sum([...lines, ...unpriced].map(({ units }) => units))).toBe(
          sum(rows.map(({ units }) => units)),
        );
        const priced = rows.filter(({ quantity }) => quantity !== 'reasoning');
        expect(BigInt.asUintN(64, sum(lines.map(({ digestA }) => digestA)))).toBe(
          BigInt.asUintN(64, sum(priced.map(({ digestA }) => digestA))),
        );
        expect(sum(lines.map(({ events }) => events))).toBe(BigInt(priced.length));
        expect(new Set(lines.map(keyOf)).size).toBe(lines.length);
        expect(rated.spentFemto).toBe(rated.listFemto - rated.freeFemto - rated.discountFemto);
        expect(rated.spentFemto >= 0n).toBe(true);
        expect(rated.feesFemto).toBe(sum(fees.map(({ amountFemto }) => amountFemto)));
        expect(commitments.every((one) => one.amountFemto > 0n)).toBe(true);
        for (const one of commitments)
          expect(one.amountFemto).toBe(one.minimumFemto - one.spentFemto);
      }),
    );
  });

  it('comes about hour by hour, and the hours sum to it', () => {
    fc.assert(
      fc.property(terms, rowsOf, (given, rows) => {
        const hourly = spentByHour({ terms: given, period, rows });
        const { spentFemto } = rateMonth({ terms: given, period, rows });
        expect(sum(hourly.map(([, femto]) => femto))).toBe(spentFemto);
      }),
    );
  });

  it('is worth nothing more when all of it is taken back', () => {
    fc.assert(
      fc.property(terms, rowsOf, (given, rows) => {
        const back = rows.map((row) => ({ ...row, units: -row.units, events: -row.events }));
        const rated = rateMonth({ terms: given, period, rows: [...rows, ...back] });
        expect([rated.lines, rated.unpriced, rated.spentFemto]).toEqual([[], [], 0n]);
      }),
    );
  });

  it('costs what its charge costs when nothing changes inside it', () => {
    fc.assert(
      fc.property(cell, rowsOf, (written, rows) => {
        const same = rows.map((row) => ({ ...row, quantity: 'input' as const, context: 0 }));
        const { charge, aboveContext } = parsePrice(written);
        fc.pre(rows.length > 0);
        const base = catalog({ version: 'one', effectiveFrom: 0 });
        const table = { input: { charge, aboveContext } };
        const llama = { prices: { on_demand: table, batch: table }, adapters: {} };
        const given = {
          catalogs: [{ ...base, models: { llama } }],
          account: account({ tier: 'enterprise' }),
        };
        const expected = sum(
          ['on_demand', 'batch'].map((tier) => {
            const units = same.filter((row) => row.serviceTier === tier).map((row) => row.units);
            return units.length === 0 ? 0n : chargeTotal(charge, sum(units));
          }),
        );
        expect(rateMonth({ terms: given, period, rows: same }).spentFemto).toBe(expected);
      }),
    );
  });
});
