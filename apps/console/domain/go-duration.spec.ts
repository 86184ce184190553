import { formatGoDuration } from '#libs/time/duration.js';
import { parseGoDuration } from './go-duration.js';

describe('Go duration', () => {
  it.each([0n, 1n, 7_440_000n, 172_800_000n, 6_000_000_000n, 73_588_000_000n, 3_600_000_000_000n])(
    '%s ns comes back from its text',
    (nanos) => {
      expect(parseGoDuration(formatGoDuration(nanos))).toBe(nanos);
    },
  );

  it.each(['', '12', 'soon', '1m and 2s', '-3s'])('%p is none', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});
