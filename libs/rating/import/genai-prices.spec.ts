import { importGenaiPrices } from './genai-prices.js';

const list = (prices: unknown) => [{ id: 'p', models: [{ id: 'm', context_window: 8, prices }] }];
const rows = (prices: unknown, asOf: string | null = null) =>
  importGenaiPrices(list(prices), { asOf }).models[0]?.prices.on_demand;

describe('genai-prices catalogue', () => {
  it('gives rows per pool: 0.25 per million is 250000000 femto per token', () => {
    expect(rows({ input_mtok: 0.25, output_mtok: 2, cache_write_mtok: 0.3 })).toEqual({
      input: { femtoPerUnit: 250_000_000n, aboveContext: [] },
      cached_input: { femtoPerUnit: 250_000_000n, aboveContext: [] },
      output: { femtoPerUnit: 2_000_000_000n, aboveContext: [] },
      reasoning: { femtoPerUnit: 2_000_000_000n, aboveContext: [] },
      cache_write_5m: { femtoPerUnit: 300_000_000n, aboveContext: [] },
    });
  });

  it('reads prices by the length of the input', () => {
    expect(rows({ input_mtok: { base: 1, tiers: [{ start: 200_000, price: 2 }] } })?.input).toEqual(
      {
        femtoPerUnit: 1_000_000_000n,
        aboveContext: [{ tokens: 200_000, femtoPerUnit: 2_000_000_000n }],
      },
    );
  });

  it.each([
    ['2026-03-12', 1n],
    ['2026-03-13', 2n],
    [null, 3n],
  ])('takes the price of the day (%s)', (asOf, dollars) => {
    const prices = [
      { prices: { input_mtok: 1 } },
      { constraint: { start_date: '2026-03-13' }, prices: { input_mtok: 2 } },
      { constraint: { start_date: '2027-01-01' }, prices: { input_mtok: 3 } },
    ];
    expect(rows(prices, asOf)?.input?.femtoPerUnit).toBe(dollars * 10n ** 9n);
  });

  it.each([
    [{}, 'has no prices'],
    [{ input_mtok: 0 }, 'every price is 0'],
    [{ input_mtok: 1, requests_kcount: 12 }, 'a price per request'],
    [{ input_mtok: 0.0833333333333 }, 'finer than 10^-15'],
    [[{ constraint: { start_time: '00:30:00Z' }, prices: {} }], 'by the time of day'],
    [[{ constraint: { start_date: '2027-01-01' }, prices: {} }], 'has no price on 2026-01-01'],
  ])('refuses %j: %s', (prices, reason) => {
    expect(importGenaiPrices(list(prices), { asOf: '2026-01-01' }).refused).toEqual([
      { entry: 'p/m', reason: expect.stringContaining(reason) as string },
    ]);
  });

  it('says which prices it left out', () => {
    const { leftOut } = importGenaiPrices(list({ input_mtok: 1, cache_audio_read_mtok: 1 }));
    expect(leftOut).toMatchObject([{ entry: 'p/m', field: 'cache_audio_read_mtok' }]);
  });

  it('is refused as a whole when it is no list', () => {
    expect(() => importGenaiPrices({})).toThrow('is not a list');
  });
});
