import { Losses } from './losses.js';

const losses = new Losses([
  { from: 6, to: 9, at: 100 },
  { from: 3, to: 5, at: 100 },
  { from: 20, to: 19, at: 200 },
]);

describe('accepted losses', () => {
  it.each([
    // from, to, position, covered, case
    [3, 6, 12, true, 'one gap'],
    [3, 10, 12, true, 'two gaps that touch'],
    [4, 8, 12, true, 'inside of them'],
    [2, 6, 12, false, 'begins before'],
    [3, 11, 12, false, 'ends after'],
    [12, 15, 18, false, 'none there'],
    [12, 15, 20, true, 'a difference accepted above it'],
    [12, 20, 25, true, 'a difference accepted at its end'],
    [12, 21, 25, false, 'a difference accepted inside'],
    [12, 15, 19, false, 'a difference accepted above the position'],
  ])('let offsets %i to %i be missing at %i: %s (%s)', (from, to, position, expected) => {
    expect(losses.cover({ from, to }, position)).toBe(expected);
  });

  it.each([
    // position, since, let go, case
    [20, 200, true, 'at the acceptance'],
    [25, 150, true, 'above it'],
    [19, 0, false, 'below it'],
    [25, 201, false, 'what came after it'],
  ])('let a difference be at %i since %i: %s (%s)', (position, since, expected) => {
    expect(losses.letGo(position, since)).toBe(expected);
  });

  it('let nothing go that nobody accepted', () => {
    expect(new Losses([]).letGo(5, 0)).toBe(false);
    expect(new Losses([]).cover({ from: 1, to: 2 }, 5)).toBe(false);
  });
});
