import { longTailed, seededRandom, shuffle, weighted } from './random.js';

describe('seeded randomness', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('draws token counts with the asked median and tail', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => longTailed(random, 1_020, 4_142)).toSorted(
      (a, b) => a - b,
    );
    expect(drawn[10_000]).toBeGreaterThan(980);
    expect(drawn[10_000]).toBeLessThan(1_060);
    expect(drawn[19_800]).toBeGreaterThan(3_700);
    expect(drawn[19_800]).toBeLessThan(4_600);
  });

  it('draws an index as often as its weight says', () => {
    const random = seededRandom(2);
    const drawn = Array.from({ length: 10_000 }, () => weighted(random, [1, 3]));
    expect(drawn.filter((index) => index === 1).length / 10_000).toBeCloseTo(0.75, 1);
  });

  it('keeps every item in a shuffle', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    expect(shuffle(seededRandom(3), [...items]).toSorted((a, b) => a - b)).toEqual(items);
  });
});
