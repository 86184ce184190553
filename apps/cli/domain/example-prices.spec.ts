import { importOwnList } from '#libs/rating/import/own-list.js';
import { examplePriceList } from './example-prices.js';

describe('the example price list', () => {
  it('is of the day, says that it is invented, and is taken whole', () => {
    const { source, as_of, title, prices } = examplePriceList(Date.UTC(2026, 10, 25, 23));
    expect([source, as_of]).toEqual(['own', '2026-11-25']);
    expect(title).toMatch(/^Example: invented/);
    const { models, refused } = importOwnList(prices, { asOf: as_of });
    expect([models.length, refused]).toEqual([6, []]);
    expect(models.every(({ provider }) => provider.startsWith('Example '))).toBe(true);
  });
});
