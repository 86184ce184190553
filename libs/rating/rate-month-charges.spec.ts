// The month under charge models, prices by input length, discounts, caps and commitments.
import type { Override } from '../events/account.js';
import type { Contract } from './catalog.js';
import type { PriceCell } from './price-cell-schema.js';
import { parsePrice } from './price-cell.js';
import { rateMonth, spentByHour } from './rate-month.js';
import type { UsageRow } from './rate-month.js';
import { account, catalog, override } from './test/terms.js';

const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const day = (number: number, hour = 0) => Date.UTC(2026, 10, number, hour);
// 1 USD a million tokens is 10^9 femto a token: sums are told in that.
const GIGA = 10n ** 9n;
const MONEY = 10n ** 15n;

function row(hour: number, units: bigint, part: Partial<UsageRow> = {}): UsageRow {
  const names = { model: 'llama', serviceTier: 'on_demand', adapter: null, context: 0 } as const;
  return {
    hour,
    ...names,
    quantity: 'input',
    units,
    events: 1n,
    digestA: 1n,
    digestB: 2n,
    ...part,
  };
}

interface Part {
  readonly version?: string;
  readonly effectiveFrom?: number;
  readonly contract?: Contract;
}

/** A catalog whose llama input costs what the cell says, on every tier under the same contract. */
function priced(cell: PriceCell, { version = 'one', effectiveFrom = 0, contract }: Part = {}) {
  const base = catalog({ version, effectiveFrom });
  const llama = { prices: { on_demand: { input: parsePrice(cell) } }, adapters: {} };
  const tiers = base.tiers.map((tier) => (contract ? { ...tier, contract } : tier));
  return { ...base, models: { ...base.models, llama }, tiers };
}

interface Case {
  readonly catalogs: readonly ReturnType<typeof priced>[];
  readonly overrides?: readonly Override[];
  readonly tiers?: { tier: string; from: number }[];
  readonly effectiveFrom?: number;
}

function rate({ catalogs, ...part }: Case, rows: readonly UsageRow[]) {
  const terms = { catalogs, account: account({ tier: 'enterprise', ...part }) };
  const rated = rateMonth({ terms, period: NOVEMBER, rows });
  const hourly = spentByHour({ terms, period: NOVEMBER, rows });
  expect(hourly.reduce((sum, [, femto]) => sum + femto, 0n)).toBe(rated.spentFemto);
  return rated;
}

const graduated: PriceCell = { graduated: [{ up_to: 5, price: '10' }, { price: '4' }] };

describe('rated month of graduated prices', () => {
  it('has a line for each tier, the events of the row on the first', () => {
    const { lines } = rate({ catalogs: [priced(graduated)] }, [row(day(1), 3n), row(day(2), 4n)]);
    expect(
      lines.map((line) => [line.part, line.units, line.femtoPerUnit, line.events, line.digestA]),
    ).toEqual([
      ['tier 1', 5n, 10n * GIGA, 2n, 2n],
      ['tier 2', 2n, 4n * GIGA, 0n, 0n],
    ]);
  });

  it('counts the month on when a new version of the same prices begins', () => {
    const catalogs = [
      priced(graduated),
      priced(graduated, { version: 'two', effectiveFrom: day(10) }),
    ];
    const rated = rate({ catalogs }, [row(day(1), 4n), row(day(11), 4n)]);
    expect(rated.lines.map((line) => [line.catalogVersion, line.part, line.units])).toEqual([
      ['one', 'tier 1', 4n],
      ['two', 'tier 1', 1n],
      ['two', 'tier 2', 3n],
    ]);
    expect(rated.spentFemto).toBe(62n * GIGA);
  });

  it('takes what was used on a free tier off tier by tier', () => {
    const tiers = [
      { tier: 'free', from: 0 },
      { tier: 'enterprise', from: day(10) },
    ];
    const rated = rate({ catalogs: [priced(graduated)], tiers }, [
      row(day(1), 4n),
      row(day(11), 2n),
    ]);
    expect(rated.lines.map((line) => [line.part, line.amountFemto, line.freeFemto])).toEqual([
      ['tier 1', 50n * GIGA, 40n * GIGA],
      ['tier 2', 4n * GIGA, 0n],
    ]);
  });
});

describe('rated month of other models', () => {
  it.each<[PriceCell, bigint, string[], bigint]>([
    [{ volume: [{ up_to: 10, price: '5' }, { price: '4' }] }, 11n, ['tier 2'], 44n],
    [{ price: '3', free_units: 10 }, 11n, ['free', ''], 3n],
    [{ price: '3', free_units: 11 }, 11n, ['free'], 0n],
    [{ package: { size: 10, price: '0.000015' } }, 11n, ['packages of 10'], 30n],
    [{ flat: '0.000099' }, 11n, ['flat', 'included'], 99n],
  ])('%j: %s units are %j at %s', (cell, units, parts, gigas) => {
    const rows = [row(day(1), 6n), row(day(2), units - 6n)];
    const rated = rate({ catalogs: [priced(cell)] }, rows);
    expect(rated.lines.map(({ part }) => part)).toEqual(parts);
    expect(rated.lines.reduce((sum, line) => sum + line.units, 0n)).toBe(units);
    expect(rated.spentFemto).toBe(gigas * GIGA);
  });

  it('gives an organization its own model by an override', () => {
    const own = override({ prices: { input: { flat: '1' } }, from: day(1), to: null });
    const rated = rate({ catalogs: [priced('10')], overrides: [own] }, [row(day(2), 5n)]);
    expect(rated.spentFemto).toBe(MONEY);
    expect(rated.lines[0]?.overrideId).toBe('ovr');
  });

  it('falls as a whole when the month reaches a cheaper volume tier', () => {
    const cell: PriceCell = { volume: [{ up_to: 10, price: '5' }, { price: '1' }] };
    const terms = { catalogs: [priced(cell)], account: account({ tier: 'enterprise' }) };
    const rows = [row(day(1), 10n), row(day(2), 1n)];
    expect(spentByHour({ terms, period: NOVEMBER, rows })).toEqual([
      [day(1), 50n * GIGA],
      [day(2), -39n * GIGA],
    ]);
  });
});

describe('rated month of prices by input length', () => {
  const cell: PriceCell = { price: '1', above_context: [{ tokens: 200_000, price: '2' }] };

  it('has a line below and above, and shorter bounds are below', () => {
    const rows = [0, 128_000, 200_000, 512_000].map((context) => row(day(1), 5n, { context }));
    const { lines, spentFemto } = rate({ catalogs: [priced(cell)] }, rows);
    expect(lines.map((line) => [line.aboveContext, line.units, line.events])).toEqual([
      [0, 10n, 2n],
      [200_000, 10n, 2n],
    ]);
    expect(spentFemto).toBe(30n * GIGA);
  });

  it('counts tiers over all lengths', () => {
    const rows = [row(day(1), 5n, { context: 200_000 }), row(day(1), 1n)];
    expect(rate({ catalogs: [priced(graduated)] }, rows).spentFemto).toBe(54n * GIGA);
  });
});

describe('rated month under a contract', () => {
  const percent = (text: number) => BigInt(text) * 1_000_000n;

  it('takes a percentage off each line', () => {
    const catalogs = [priced('10', { contract: { discount: percent(10) } })];
    const rated = rate({ catalogs }, [row(day(1), 100n)]);
    expect(rated).toMatchObject({
      listFemto: 1_000n * GIGA,
      discountFemto: 100n * GIGA,
      spentFemto: 900n * GIGA,
    });
  });

  it('uses a cap up in the order of the lines, tier after tier', () => {
    const catalogs = [priced(graduated, { contract: { maximumFemto: 52n * GIGA } })];
    const rated = rate({ catalogs }, [row(day(1), 7n)]);
    expect(rated.lines.map((line) => [line.part, line.discountFemto])).toEqual([
      ['tier 1', 0n],
      ['tier 2', 6n * GIGA],
    ]);
    expect(rated.spentFemto).toBe(52n * GIGA);
  });

  it('owes what a minimum was not reached by, with no usage at all too', () => {
    const catalogs = [priced('10', { contract: { minimumFemto: 100n * GIGA } })];
    expect(rate({ catalogs }, []).commitments).toMatchObject([
      { ...NOVEMBER, tier: 'enterprise', amountFemto: 100n * GIGA, spentFemto: 0n },
    ]);
    const used = rate({ catalogs }, [row(day(1), 7n)]);
    expect([used.commitmentFemto, used.spentFemto]).toEqual([30n * GIGA, 70n * GIGA]);
    expect(rate({ catalogs }, [row(day(1), 10n)]).commitments).toEqual([]);
  });

  it('shares minimum and maximum by the time that they hold', () => {
    const own = override({
      model: null,
      contract: { minimum_commitment: '30', maximum_charge: '60' },
      from: day(11),
      to: day(21),
    });
    const rows = [row(day(1), 10n ** 8n), row(day(15), 10n ** 8n)];
    const rated = rate({ catalogs: [priced('1')], overrides: [own] }, rows);
    // 100 before it, and 20 as the third of 60 under the cap.
    expect(rated.spentFemto).toBe(120n * MONEY);
    const idle = rate({ catalogs: [priced('1')], overrides: [own] }, []);
    expect(idle.commitments).toMatchObject([
      { from: day(11), to: day(21), minimumFemto: 10n * MONEY },
    ]);
  });

  it('lets an override lift one condition of the tier and leave the others', () => {
    const contract = { discount: percent(50), minimumFemto: 100n * GIGA };
    const own = override({
      model: null,
      contract: { minimum_commitment: null },
      from: 0,
      to: null,
    });
    const rated = rate({ catalogs: [priced('10', { contract })], overrides: [own] }, [
      row(day(1), 2n),
    ]);
    expect([rated.commitmentFemto, rated.spentFemto]).toEqual([0n, 10n * GIGA]);
  });

  it('commits nobody to time before the account began', () => {
    const catalogs = [priced('10', { contract: { minimumFemto: 30n * GIGA } })];
    expect(rate({ catalogs, effectiveFrom: day(21) }, []).commitmentFemto).toBe(10n * GIGA);
  });

  it('is for the month together: when something was used makes no difference to a minimum', () => {
    const contract = { minimumFemto: 100n * GIGA };
    // A cap from the middle of the month on, of which the minimum knows nothing.
    const own = override({
      model: null,
      contract: { maximum_charge: '1' },
      from: day(16),
      to: null,
    });
    const terms = { catalogs: [priced('10', { contract })], overrides: [own] };
    expect(rate(terms, [row(day(1), 10n)]).commitments).toEqual([]);
    expect(rate(terms, [row(day(20), 9n)]).commitments).toMatchObject([
      { ...NOVEMBER, amountFemto: 10n * GIGA },
    ]);
  });

  it('adds up the shares of a minimum and a maximum that change inside the month', () => {
    const contract = { minimumFemto: 30n * GIGA, maximumFemto: 60n * GIGA };
    const higher = { minimumFemto: 60n * GIGA, maximumFemto: 90n * GIGA };
    const catalogs = [
      priced('10', { contract }),
      priced('10', { contract: higher, version: 'two', effectiveFrom: day(16) }),
    ];
    expect(rate({ catalogs }, []).commitmentFemto).toBe(45n * GIGA);
    expect(rate({ catalogs }, [row(day(1), 9n)]).spentFemto).toBe(75n * GIGA);
  });

  it('goes on over a new version with the same terms', () => {
    const contract = { maximumFemto: 50n * GIGA };
    const catalogs = [
      priced('10', { contract }),
      priced('10', { contract, version: 'two', effectiveFrom: day(16) }),
    ];
    const rated = rate({ catalogs }, [row(day(1), 4n), row(day(20), 4n)]);
    expect(rated.spentFemto).toBe(50n * GIGA);
  });
});
