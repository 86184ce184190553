import { priceAt } from '#libs/rating/price-book.js';
import type { Account } from '#libs/events/account.js';
import { cachePricesOf, catalogsOf } from './paid-calls-catalog.js';
import type { PaidCall } from './paid-calls.js';

const DAY = Date.UTC(2024, 7, 13);
const call = (part: Partial<PaidCall>): PaidCall => ({
  row: 1,
  at: DAY,
  user: 'u1',
  model: 'gpt-4o-mini',
  promptTokens: 1,
  completionTokens: 0,
  totalTokens: 1,
  costUsd: '0',
  inputUsd: '1.5e-07',
  outputUsd: '6e-07',
  ...part,
});
const account = {
  profile: { currency: 'USD' },
  tiers: [{ tier: 'metered', from: 0 }],
  overrides: [] as const,
} as unknown as Account;

describe('catalogs of a ledger', () => {
  it('have the prices of the list, cached ones where a provider has them', () => {
    const [catalog] = catalogsOf([call({ model: 'claude-x', inputUsd: '3e-06' })]);
    const rows = catalog?.models['claude-x']?.prices.on_demand ?? {};
    expect(
      Object.entries(rows).map(([pool, price]) => [
        pool,
        price.charge.model === 'per_unit' && price.charge.femtoPerUnit,
      ]),
    ).toEqual([
      ['input', 3_000_000_000n],
      ['output', 600_000_000n],
      ['cached_input', 300_000_000n],
      ['cache_write_5m', 3_750_000_000n],
    ]);
  });

  it('begin a version where a price changes, and none for a new model', () => {
    const later = DAY + 86_400_000;
    const catalogs = catalogsOf([
      call({}),
      call({ at: later, inputUsd: '1e-07' }),
      call({ at: later + 1, model: 'other' }),
      call({ at: later + 2, model: 'none', inputUsd: null }),
    ]);
    expect(catalogs.map(({ effectiveFrom }) => effectiveFrom)).toEqual([DAY, later]);
    const key = { serviceTier: 'on_demand', adapter: null, quantity: 'input', context: 0 } as const;
    const price = (model: string, at: number) =>
      priceAt({ catalogs, account }, { ...key, model }, at);
    expect(price('gpt-4o-mini', DAY)?.charge).toMatchObject({ femtoPerUnit: 150_000_000n });
    expect(price('gpt-4o-mini', later)?.charge).toMatchObject({ femtoPerUnit: 100_000_000n });
    expect([price('other', DAY), price('none', later)].map(Boolean)).toEqual([true, false]);
  });

  it('cannot have two prices within an hour', () => {
    const again = call({ at: DAY + 1, inputUsd: '1e-07' });
    expect(() => catalogsOf([call({}), again])).toThrow('two prices for gpt-4o-mini');
  });

  it('know cache prices by the name of the model', () => {
    expect(cachePricesOf('deepseek/deepseek-chat')?.write).toBeNull();
    expect(cachePricesOf('gpt-4o')).toBeUndefined();
  });
});
