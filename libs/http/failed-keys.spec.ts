import { FailedKeys } from './failed-keys.js';

const LIMITS = { burst: 3, perSecond: 2 };

function stand(remembered?: number) {
  const time = { now: 1_000_000 };
  const failed = new FailedKeys(() => time.now, LIMITS, remembered);
  const fail = (address: string, times: number): void => {
    for (let count = 0; count < times; count += 1) failed.failed(address);
  };
  return { time, failed, fail };
}

describe('wrong keys of an address', () => {
  it('are 3 at once and 2 a second after that, and are nobody else’s', () => {
    const { time, failed, fail } = stand();
    fail('a', 2);
    expect(failed.wait('a')).toBe(0);
    fail('a', 1);
    expect(failed.wait('a')).toBe(1);
    expect(failed.wait('b')).toBe(0);
    time.now += 499;
    expect(failed.wait('a')).toBe(1);
    time.now += 1;
    expect(failed.wait('a')).toBe(0);
    fail('a', 1);
    expect(failed.wait('a')).toBe(1);
  });

  it('are all forgiven after burst ÷ rate seconds, however many there were', () => {
    const { time, failed, fail } = stand();
    fail('a', 1_000_000);
    time.now += 1_500;
    fail('a', 2);
    expect(failed.wait('a')).toBe(0);
  });

  it('are not forgiven by a clock that steps back', () => {
    const { time, failed, fail } = stand();
    fail('a', 3);
    time.now -= 3_600_000;
    expect(failed.wait('a')).toBe(1);
  });

  it('are remembered for so many addresses, those that failed last', () => {
    const { failed, fail } = stand(100);
    fail('a', 3);
    for (let other = 0; other < 10_000; other += 1) {
      fail(`other-${other}`, 1);
      if (other % 50 === 0) fail('a', 1);
      expect(failed.size).toBeLessThanOrEqual(100);
    }
    expect(failed.wait('a')).toBe(1);
    expect(failed.wait('other-0')).toBe(0);
  });
});
