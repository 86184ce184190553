import { inOrder, listedPrice } from './listed-prices.js';

describe('prices of another provider', () => {
  const price = (text: string) => ({ price_per_million: text, above_context: [] });
  const prices = { on_demand: { input: price('0.59') }, batch: { output: price('0.1') } };

  it.each([
    ['input', '0.59'],
    ['output', undefined],
    ['constructor', undefined],
  ])('of %s is %s on demand', (pool, text) => {
    expect(listedPrice(prices, pool)?.price_per_million).toBe(text);
  });

  it('without a table for what is on demand are none', () => {
    expect(listedPrice({ batch: { input: price('1') } }, 'input')).toBeUndefined();
  });

  it('stand with the surest match first, then by provider', () => {
    const row = (provider: string, match: string) => ({ provider, match });
    const rows = [row('b', 'family'), row('z', 'exact'), row('a', 'exact'), row('c', 'alias')];
    expect(inOrder(rows).map(({ provider }) => provider)).toEqual(['a', 'z', 'c', 'b']);
  });
});
