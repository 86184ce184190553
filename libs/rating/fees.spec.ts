import { FEMTO } from '../money/money.js';
import { feesIn } from './fees.js';
import type { Terms } from './price-book.js';
import { account, catalog, override } from './test/terms.js';

const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const day = (number: number) => Date.UTC(2026, 10, number);
const first = catalog({ version: 'one', effectiveFrom: 0 });
const onDeveloper: Terms = { catalogs: [first], account: account({ tier: 'developer' }) };
const usd = (cents: number) => (BigInt(cents) * FEMTO) / 100n;

describe('monthly fee', () => {
  it('is whole for a whole month', () => {
    expect(feesIn(onDeveloper, NOVEMBER)).toEqual([
      {
        tier: 'developer',
        ...NOVEMBER,
        monthlyFemto: usd(2000),
        amountFemto: usd(2000),
        catalogVersion: 'one',
      },
    ]);
  });

  it.each(['free', 'enterprise', 'unheard_of'])(
    'makes no line on %s: 0, by contract, unknown',
    (tier) => {
      expect(feesIn({ catalogs: [first], account: account({ tier }) }, NOVEMBER)).toEqual([]);
    },
  );

  it('is shared by time when the tier changes inside the month: 18 of 30 days of 20.00 are 12.00', () => {
    const tiers = [
      { tier: 'free', from: 0 },
      { tier: 'developer', from: day(13) },
    ];
    const terms = { catalogs: [first], account: account({ tiers }) };
    expect(feesIn(terms, NOVEMBER)).toEqual([
      expect.objectContaining({ from: day(13), to: NOVEMBER.to, amountFemto: usd(1200) }),
    ]);
  });

  it('is shared by catalog version, and the shares sum to it to the femto', () => {
    const catalogs = [
      first,
      ...[3, 8, 17].map((at) => catalog({ version: `v${at}`, effectiveFrom: day(at) + 3_600_000 })),
    ];
    const fees = feesIn({ ...onDeveloper, catalogs }, NOVEMBER);
    expect(fees.map((fee) => fee.catalogVersion)).toEqual(['one', 'v3', 'v8', 'v17']);
    expect(fees.reduce((sum, fee) => sum + fee.amountFemto, 0n)).toBe(usd(2000));
  });

  it('is not cut by a change that does not touch it', () => {
    const overrides = [override({ from: day(7), to: day(9) })];
    const terms = { catalogs: [first], account: account({ tier: 'developer', overrides }) };
    expect(feesIn(terms, NOVEMBER)).toHaveLength(1);
    expect(feesIn(terms, NOVEMBER)[0]).toMatchObject({ ...NOVEMBER, amountFemto: usd(2000) });
  });

  it('begins with the organization, not before', () => {
    const joined = account({ tier: 'developer', effectiveFrom: day(16) });
    expect(feesIn({ catalogs: [first], account: joined }, NOVEMBER)).toEqual([
      expect.objectContaining({ from: day(16), amountFemto: usd(1000) }),
    ]);
    const later = account({ tier: 'developer', effectiveFrom: NOVEMBER.to });
    expect(feesIn({ catalogs: [first], account: later }, NOVEMBER)).toEqual([]);
  });

  it('makes a line per month', () => {
    const quarter = { from: NOVEMBER.from, to: Date.UTC(2027, 1, 1) };
    const fees = feesIn(onDeveloper, quarter);
    expect(fees.map((fee) => fee.amountFemto)).toEqual([usd(2000), usd(2000), usd(2000)]);
  });
});
