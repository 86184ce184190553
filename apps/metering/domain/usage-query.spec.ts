import { bucketWithin, isUsagePosition, type Window } from './usage-query.js';

const at = Date.parse;

describe('usage bucket', () => {
  const range = { from: at('2026-11-10T07:00Z'), to: at('2026-12-02T05:00Z') };

  it.each<[Window | undefined, string, string, string]>([
    // window    bucket               from                 to
    [undefined, '2026-11-10T07:00Z', '2026-11-10T07:00Z', '2026-12-02T05:00Z'],
    ['hour', '2026-11-10T07:00Z', '2026-11-10T07:00Z', '2026-11-10T08:00Z'],
    ['day', '2026-11-10T00:00Z', '2026-11-10T07:00Z', '2026-11-11T00:00Z'],
    ['day', '2026-12-02T00:00Z', '2026-12-02T00:00Z', '2026-12-02T05:00Z'],
    ['month', '2026-11-01T00:00Z', '2026-11-10T07:00Z', '2026-12-01T00:00Z'],
    ['month', '2026-12-01T00:00Z', '2026-12-01T00:00Z', '2026-12-02T05:00Z'],
  ])('of %s at %s goes from %s to %s', (window, bucket, from, to) => {
    const asked = window === undefined ? range : { ...range, window };
    expect(bucketWithin(at(bucket), asked)).toEqual({ from: at(from), to: at(to) });
  });
});

describe('usage position', () => {
  it.each([
    // value               groups  fits
    [[1], 0, true],
    [[1, 'm', ''], 2, true],
    [[1, 'm'], 2, false],
    [['1', 'm'], 1, false],
    [[1, 2], 1, false],
    [[1, 'a\0'], 1, false],
    [[1e300], 0, false],
    [null, 0, false],
    [{ length: 1, 0: 1 }, 0, false],
  ])('%j with %s groups fits: %s', (value, groups, fits) => {
    expect(isUsagePosition(value, groups)).toBe(fits);
  });
});
