import fc from 'fast-check';
import { QUANTITIES } from '../events/quantities.js';
import { HOUR_MS } from '../time/instant.js';
import { rateMonth, spentByHour } from './rate-month.js';
import type { UsageRow } from './rate-month.js';
import { account, catalog, override } from './test/terms.js';

const period = { from: Date.UTC(2026, 1, 1), to: Date.UTC(2026, 2, 1) };
const hours = (period.to - period.from) / HOUR_MS;
const instant = fc
  .integer({ min: -50, max: hours + 50 })
  .map((hour) => period.from + hour * HOUR_MS);

const usage: fc.Arbitrary<UsageRow> = fc.record({
  hour: fc.integer({ min: 0, max: hours - 1 }).map((hour) => period.from + hour * HOUR_MS),
  model: fc.constantFrom('llama', 'plain', 'unknown'),
  serviceTier: fc.constantFrom('on_demand', 'batch', 'flex'),
  adapter: fc.constantFrom(null, null, 'mine', 'dora'),
  context: fc.constantFrom(0, 200_000),
  quantity: fc.constantFrom('requests', ...QUANTITIES.slice(0, 5)),
  units: fc.bigInt({ min: 0n, max: 2n ** 60n }),
  events: fc.bigInt({ min: 1n, max: 1_000n }),
  digestA: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  digestB: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
});

const terms = fc
  .record({
    versions: fc.uniqueArray(instant, { maxLength: 4 }),
    tiers: fc.uniqueArray(
      fc.record({
        from: instant,
        tier: fc.constantFrom('free', 'developer', 'enterprise', 'gold'),
      }),
      { minLength: 1, maxLength: 4, selector: (span) => span.from },
    ),
    overrides: fc.array(
      fc.record({
        from: instant,
        to: fc.option(instant),
        serviceTier: fc.constantFrom(null, 'batch' as const),
        prices: fc.constantFrom({}, { input: '0.001' }, { input: '0.002', output: '0' }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ versions, tiers, overrides }) => ({
    catalogs: versions
      .toSorted((a, b) => a - b)
      .map((at, index) =>
        catalog({ version: `v${index}`, effectiveFrom: at, input: BigInt(index % 2) }),
      ),
    account: account({
      tiers: tiers.toSorted((a, b) => a.from - b.from),
      overrides: overrides.map((part, index) => override({ ...part, id: `o${index}` })),
    }),
  }));

/** The same usage in more rows: units and events cut in two anywhere, digests in two halves that sum to them modulo 2^64. */
function cut(row: UsageRow, share: bigint): [UsageRow, UsageRow] {
  const part = (whole: bigint): bigint => (whole * share) / 100n;
  const left = {
    ...row,
    units: part(row.units),
    events: part(row.events),
    digestA: BigInt.asUintN(64, row.digestA + share),
    digestB: part(row.digestB),
  };
  const right = {
    ...row,
    units: row.units - left.units,
    events: row.events - left.events,
    digestA: BigInt.asUintN(64, -share),
    digestB: row.digestB - left.digestB,
  };
  return [left, right];
}

describe('rated month, for any terms and usage', () => {
  it('does not depend on the order of rows or on how they are split', () => {
    const rows = fc.array(fc.tuple(usage, fc.bigInt({ min: 0n, max: 100n }), fc.nat()), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(terms, rows, (given, parts) => {
        const whole = rateMonth({ terms: given, period, rows: parts.map(([row]) => row) });
        const split = parts
          .flatMap(([row, share, place]) => cut(row, share).map((half) => ({ half, place })))
          .toSorted((left, right) => left.place - right.place)
          .map(({ half }) => half);
        expect(rateMonth({ terms: given, period, rows: split })).toEqual(whole);
      }),
    );
  });

  it('accounts for every unit once, on lines that sum to the totals and never overlap', () => {
    fc.assert(
      fc.property(terms, fc.array(usage, { maxLength: 30 }), (given, rows) => {
        const rated = rateMonth({ terms: given, period, rows });
        const sum = (values: readonly bigint[]) =>
          values.reduce((total, value) => total + value, 0n);
        const kept = [...rated.lines, ...rated.unpriced];
        expect(sum(kept.map((line) => line.units))).toBe(
          sum(rows.filter((row) => row.quantity !== 'requests').map((row) => row.units)),
        );
        expect(sum(rated.lines.map((line) => line.amountFemto))).toBe(rated.listFemto);
        expect(rated.spentFemto).toBe(rated.listFemto - rated.freeFemto);
        for (const line of rated.lines)
          expect(line.amountFemto).toBe(line.units * (line.femtoPerUnit ?? 0n));
        const hourly = spentByHour({ terms: given, period, rows });
        expect(sum(hourly.map(([, spent]) => spent))).toBe(rated.spentFemto);
        const places = kept.map((line) =>
          [line.model, line.serviceTier, line.adapter, line.quantity, line.from].join(),
        );
        expect(new Set(places).size).toBe(kept.length);
      }),
    );
  });
});
