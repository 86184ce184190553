import { formatGoDuration } from './duration.js';

describe('Go duration', () => {
  it.each([
    // nanoseconds        text
    [0n, '0s'],
    [7_440_000n, '7.44ms'],
    [172_800_000n, '172.8ms'],
    [6_000_000_000n, '6s'],
    [73_588_000_000n, '1m13.588s'],
    [179_560_000_000n, '2m59.56s'],
    [3_600_000_000_000n, '1h0m0s'],
    [1_500n, '1.5µs'],
    [999n, '999ns'],
    [-2_032_500_000n, '-2.0325s'],
  ])('%s prints as %s', (nanos, text) => {
    expect(formatGoDuration(nanos)).toBe(text);
  });
});
