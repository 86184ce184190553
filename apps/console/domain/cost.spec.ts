import { formatExact } from '#libs/money/money.js';
import { publishedDocument } from '../test/published-document.js';
import { listCost, listCostOfAll } from './cost.js';

const document = publishedDocument();
const usage = { model: 'small', serviceTier: 'on_demand', adapter: null };

describe('list cost', () => {
  it('is quantity × price, exact', () => {
    const cost = listCost(document, 'developer', {
      ...usage,
      units: { input: 300n, cached_input: 512n, output: 180n },
    });
    // 300 × 0.05 + 512 × 0.025 + 180 × 0.08 = 42.2 per million
    expect(formatExact(cost.femto)).toBe('0.0000422');
    expect(cost.unpriced).toEqual([]);
  });

  it('keeps every digit of a count that no float holds', () => {
    const units = { input: 9_007_199_254_740_993n };
    expect(formatExact(listCost(document, 'free', { ...usage, units }).femto)).toBe(
      '450359962.73704965',
    );
  });

  it('names a used pool without a price instead of charging nothing for it', () => {
    const cost = listCost(document, 'developer', {
      ...usage,
      model: 'large',
      units: { input: 10n, cached_input: 5n, output: 0n },
    });
    expect(cost.unpriced).toEqual(['cached_input']);
    expect(formatExact(cost.femto)).toBe('0.0000059');
  });

  it('sums rows and counts those with an unpriced pool', () => {
    const rows = [
      { ...usage, units: { input: 1_000_000n } },
      { ...usage, model: 'gone', units: { input: 1n } },
    ];
    const all = listCostOfAll(document, 'developer', rows);
    expect(formatExact(all.femto)).toBe('0.05');
    expect(all.unpriced).toBe(1);
  });
});
