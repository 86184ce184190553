import { costByModel } from './invoice-sums.js';

const line = (kind: string, model: string | null, quantity: bigint | null, amount: string) => ({
  kind,
  model,
  quantity,
  amount_exact: amount,
});

describe('cost by model', () => {
  it('sums usage by model, the dearest first, and keeps the rest by kind', () => {
    const lines = [
      line('usage', 'a', 10n, '0.1'),
      line('usage', 'b', 1n, '0.30000000000001'),
      line('usage', 'a', 5n, '0.000000000000001'),
      line('credit', null, null, '-0.4'),
    ];
    expect(costByModel(lines)).toEqual([
      { kind: 'usage', model: 'b', units: 1n, femto: 300_000_000_000_010n },
      { kind: 'usage', model: 'a', units: 15n, femto: 100_000_000_000_001n },
      { kind: 'credit', model: null, units: 0n, femto: -400_000_000_000_000n },
    ]);
  });

  it('of no lines is nothing', () => {
    expect(costByModel([])).toEqual([]);
  });
});
