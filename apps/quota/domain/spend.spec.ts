import type { SpendLimit } from '#libs/events/account.js';
import { FEMTO } from '#libs/money/money.js';
import type { UsageRow } from '#libs/rating/rate-month.js';
import { account, catalog } from '#libs/rating/test/terms.js';
import { forecast, spendOf } from './spend.js';

const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const day = (number: number) => Date.UTC(2026, 10, number);
const PRICE = FEMTO / 100n; // a cent per token, so that a token is a cent
const catalogs = [catalog({ version: 'one', effectiveFrom: 0, input: PRICE })];

function limit(part: Partial<SpendLimit>): SpendLimit {
  return { project: null, amount: '10.00', mode: 'hard', alerts: [50, 80, 100], from: 0, ...part };
}

function cents(hour: number, units: bigint): UsageRow {
  const names = { model: 'llama', serviceTier: 'on_demand', adapter: null, context: 0 } as const;
  const counts = { units, events: 1n, digestA: 0n, digestB: 0n };
  return { hour, ...names, quantity: 'input', ...counts };
}

function spend(limits: readonly SpendLimit[], rows: readonly UsageRow[], now: number, held = 0n) {
  const terms = { catalogs, account: { ...account({ tier: 'enterprise' }), spendLimits: limits } };
  return spendOf({ terms, period: NOVEMBER, rows, heldFemto: held, now });
}

describe('spend', () => {
  const rows = [cents(day(2), 400n), cents(day(5), 100n), cents(day(9), 300n)];

  it('tells the hour in which each alert was reached, in any order of rows', () => {
    for (const order of [rows, rows.toReversed()])
      expect(spend([limit({})], order, day(15)).alerts).toEqual([
        { percent: 50, reachedAt: day(5) },
        { percent: 80, reachedAt: day(9) },
        { percent: 100, reachedAt: null },
      ]);
  });

  it.each<[SpendLimit, bigint, bigint | null, boolean, string]>([
    // limit, held, remaining, blocked, case
    [limit({}), 0n, 200n, false, 'below'],
    [limit({ amount: '8.00' }), 0n, 0n, true, 'exactly reached'],
    [limit({ amount: '7.99' }), 0n, 0n, true, 'exceeded'],
    [limit({ amount: '8.00', mode: 'soft' }), 0n, 0n, false, 'soft'],
    [limit({}), 200n, 0n, true, 'held up to it'],
    [limit({ amount: '0' }), 0n, 0n, true, 'nothing allowed'],
    [limit({ amount: null }), 0n, null, false, 'lifted'],
    [limit({ project: 'chat', amount: '1.00' }), 0n, null, false, 'of a project only'],
    [limit({ from: day(20) }), 0n, null, false, 'not yet'],
  ])('under %j with %s held has %s left (%s)', (given, held, remaining, blocked) => {
    const seen = spend([given], rows, day(15), held * PRICE);
    expect(seen.remainingFemto).toBe(remaining === null ? null : remaining * PRICE);
    expect(seen.blocked).toBe(blocked);
  });

  it('goes by the last limit set, which acts at once', () => {
    const limits = [limit({ from: day(1) }), limit({ from: day(3), amount: '20.00' })];
    expect(spend(limits, rows, day(15)).limitFemto).toBe(20n * FEMTO);
    expect(spend(limits, rows, day(2)).limitFemto).toBe(10n * FEMTO);
  });

  it('blocks nothing in a month that is over', () => {
    expect(spend([limit({ amount: '1.00' })], rows, NOVEMBER.to).blocked).toBe(false);
  });

  it('has no alerts without a limit', () => {
    expect(spend([], rows, day(15)).alerts).toEqual([]);
  });

  it.each([
    // at, forecast, case
    [day(11), 30n, 'after a third'],
    [day(16), 20n, 'after a half'],
    [NOVEMBER.from, 7_200n, 'in the first hour'],
    [NOVEMBER.from - 1, 7_200n, 'before it began'],
    [NOVEMBER.to - 1, 10n, 'at the end'],
    [NOVEMBER.to + 1, 10n, 'afterwards'],
  ])('forecasts 10 at %i as %s (%s)', (now, expected) => {
    expect((forecast(10n * FEMTO, NOVEMBER, now) + FEMTO / 2n) / FEMTO).toBe(expected);
  });
});
