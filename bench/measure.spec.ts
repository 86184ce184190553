import { median, percentile, takeTurns } from './measure.js';

describe('measures', () => {
  it('take the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('take the value that a share lies below', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([5], 0.5)).toBe(5);
  });

  it('leave the warm-up out and take the middle of what follows', async () => {
    const turn = async (round: number) => ({ ours: [900, 1, 3, 2][round] ?? 0, peer: round * 10 });
    expect(await takeTurns(['a', 'b'], () => undefined, turn)).toEqual({ ours: 2, peer: 20 });
  });
});
