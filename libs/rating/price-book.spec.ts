import { catalogAt, changesBetween, limitsOf, priceAt, termsAt } from './price-book.js';
import type { PriceKey } from './price-book.js';
import { perUnit } from './charge/charge.js';
import { account, catalog, override, unitPrice } from './test/terms.js';

const key: PriceKey = {
  model: 'llama',
  serviceTier: 'on_demand',
  adapter: null,
  quantity: 'input',
  context: 0,
};

describe('price book', () => {
  const first = catalog({ version: 'one', effectiveFrom: 1_000 });
  const second = catalog({ version: 'two', effectiveFrom: 2_000, input: 70n });
  const catalogs = [first, second];

  it.each([
    [0, 'one'],
    [1_000, 'one'],
    [1_999, 'one'],
    [2_000, 'two'],
    [2_001, 'two'],
  ])('at %i the catalog %s is in force', (at, version) => {
    expect(catalogAt(catalogs, at)?.version).toBe(version);
  });

  it('has no catalog before the first is published', () => {
    expect(catalogAt([], 0)).toBeUndefined();
    expect(priceAt({ catalogs: [], account: account() }, key, 0)).toBeUndefined();
  });

  it.each([
    [1_999, 50n, 'one'],
    [2_000, 70n, 'two'],
  ])('prices at the hour of use: %i at %s', (at, femtoPerUnit, catalogVersion) => {
    expect(priceAt({ catalogs, account: account() }, key, at)).toEqual({
      charge: perUnit(femtoPerUnit),
      aboveContext: 0,
      catalogVersion,
      overrideId: null,
      tierRow: null,
    });
  });

  it.each([
    // what is asked, price
    [{ quantity: 'output' }, 80n],
    [{ quantity: 'reasoning' }, undefined],
    [{ serviceTier: 'batch' }, 25n],
    [{ serviceTier: 'batch', quantity: 'output' }, undefined],
    [{ serviceTier: 'flex' }, undefined],
    [{ model: 'other' }, undefined],
    [{ model: 'constructor' }, undefined],
    [{ adapter: 'my-own' }, 60n],
    [{ adapter: 'lora' }, 60n],
    [{ adapter: 'my-own', serviceTier: 'batch' }, 60n],
    [{ adapter: 'my-own', quantity: 'output' }, undefined],
    [{ adapter: 'dora' }, 61n],
    [{ adapter: 'dora', serviceTier: 'batch' }, undefined],
    [{ adapter: 'my-own', model: 'plain' }, undefined],
    [{ adapter: 'toString' }, 60n],
  ] as const)('gives %j the price %s, never another row’s', (part, price) => {
    const asked = { ...key, ...part } as PriceKey;
    expect(unitPrice(priceAt({ catalogs, account: account() }, asked, 0))).toBe(price);
  });

  it('prefers the tier’s own row, row by row', () => {
    const terms = { catalogs, account: account({ tier: 'enterprise' }) };
    const price = (part: Partial<PriceKey>) => priceAt(terms, { ...key, ...part }, 0);
    expect(price({ adapter: 'mine' })).toMatchObject({
      charge: perUnit(50n),
      tierRow: 'enterprise',
    });
    expect(price({})).toMatchObject({ charge: perUnit(50n), tierRow: null });
  });

  it('prefers an override in force, the one of the service tier before any, the last before the first', () => {
    const overrides = [
      override({ id: 'any', prices: { input: '0.00000004' }, from: 100, to: 200 }),
      override({ id: 'later', prices: { input: '0.00000003' }, from: 150, to: null }),
      override({
        id: 'own',
        prices: { input: '0.00000002' },
        serviceTier: 'batch',
        from: 100,
        to: 200,
      }),
      override({ id: 'limits', limits: { tokens_per_day: 5 }, from: 0, to: null }),
    ];
    const terms = { catalogs, account: account({ overrides }) };
    const at = (instant: number, part: Partial<PriceKey> = {}) => {
      const row = priceAt(terms, { ...key, ...part }, instant);
      return [unitPrice(row), row?.overrideId];
    };
    expect(at(99)).toEqual([50n, null]);
    expect(at(100)).toEqual([40n, 'any']);
    expect(at(150)).toEqual([30n, 'later']);
    expect(at(150, { serviceTier: 'batch' })).toEqual([20n, 'own']);
    expect(at(200, { serviceTier: 'batch' })).toEqual([30n, 'later']);
    expect(at(150, { quantity: 'output' })).toEqual([80n, null]);
    expect(at(150, { adapter: 'mine' })).toEqual([60n, null]);
    expect(at(150, { model: 'plain' })).toEqual([1n, null]);
  });

  it('knows no price in another currency than the account’s', () => {
    expect(priceAt({ catalogs, account: account({ currency: 'EUR' }) }, key, 0)).toBeUndefined();
  });

  it('knows no terms on a tier that the catalog lacks', () => {
    expect(termsAt({ catalogs, account: account({ tier: 'gold' }) }, 0)).toBeUndefined();
  });

  it('tells the tier and since when', () => {
    const tiers = [
      { tier: 'free', from: 500 },
      { tier: 'developer', from: 1_500 },
    ];
    const terms = { catalogs, account: account({ tiers }) };
    expect([0, 1_499, 1_500].map((at) => termsAt(terms, at)?.tier.name)).toEqual([
      'free',
      'free',
      'developer',
    ]);
    expect(termsAt(terms, 2_000)).toMatchObject({ since: 1_500, catalog: { version: 'two' } });
  });

  it('puts the organization’s limits over the tier’s; null lifts one', () => {
    const overrides = [
      override({ limits: { tokens_per_minute: 9, tokens_per_day: null }, from: 100, to: 200 }),
    ];
    const terms = { catalogs, account: account({ overrides }) };
    expect(limitsOf(terms, 'llama', 99)).toEqual({ tokens_per_minute: 6_000, tokens_per_day: 10 });
    expect(limitsOf(terms, 'llama', 100)).toEqual({ tokens_per_minute: 9, tokens_per_day: null });
    expect(limitsOf(terms, 'plain', 100)).toEqual({});
  });

  it('lists the instants at which terms may change, once each, inside the range only', () => {
    const overrides = [override({ from: 100, to: 2_000 }), override({ from: 1_500, to: null })];
    const tiers = [
      { tier: 'free', from: 700 },
      { tier: 'developer', from: 1_500 },
    ];
    const terms = { catalogs, account: account({ overrides, tiers }) };
    expect(changesBetween(terms, 0, 9_000)).toEqual([100, 1_500, 2_000]);
    expect(changesBetween(terms, 100, 2_000)).toEqual([1_500]);
  });
});
