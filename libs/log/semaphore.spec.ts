import { Semaphore } from './semaphore.js';

describe('semaphore', () => {
  it('runs at most its width at once, in order, and goes on after a failure', async () => {
    const semaphore = new Semaphore(2);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const calls = Array.from({ length: 6 }, async (_, n) =>
      semaphore.run(async () => {
        started.push(n);
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        if (n === 1) throw new Error('one fails');
      }),
    );
    const results = await Promise.allSettled(calls);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(most).toBe(2);
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('of no width is a mistake', () => {
    expect(() => new Semaphore(0)).toThrow(RangeError);
  });
});
