import { slope } from './steady.js';

describe('slope', () => {
  it.each<[[number, number][], number]>([
    [[], 0],
    [[[1, 5]], 0],
    [
      [
        [0, 1],
        [1, 3],
        [2, 5],
      ],
      2,
    ],
    [
      [
        [0, 7],
        [1, 7],
        [5, 7],
      ],
      0,
    ],
    [
      [
        [0, 0],
        [1, 1],
        [2, 0],
      ],
      0,
    ],
  ])('of %j is %d', (points, expected) => {
    expect(slope(points)).toBeCloseTo(expected);
  });
});
