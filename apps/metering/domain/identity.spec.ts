import { firstOfEach, judge } from './identity.js';
import type { KeyedEvent } from './interpret.js';

const entry = (offset: number, key = 'k', fingerprint = 1n): KeyedEvent =>
  ({ kind: 'event', offset, key, fingerprint }) as KeyedEvent;

describe('identity', () => {
  it.each([
    // holder                                              verdict
    [{ partition: 3, offset: 7, fingerprint: 1n }, 'counted'],
    [{ partition: 3, offset: 6, fingerprint: 1n }, 'duplicate'],
    [{ partition: 4, offset: 7, fingerprint: 1n }, 'duplicate'],
    [{ partition: 4, offset: 7, fingerprint: 2n }, 'conflict'],
    [undefined, 'unheld'],
  ])('held by %j is %s', (holder, kind) => {
    expect(judge(entry(7), 3, holder).kind).toBe(kind);
  });

  it('names where the winner of a conflict stands', () => {
    const verdict = judge(entry(7), 3, { partition: 4, offset: 2, fingerprint: 2n });
    expect(verdict).toEqual({
      kind: 'conflict',
      winner: { topic: 'usage.recorded', partition: 4, offset: 2 },
    });
  });

  it('offers the first of each key', () => {
    const first = firstOfEach([entry(1, 'a'), entry(2, 'b'), entry(3, 'a')]);
    expect([...first.values()].map(({ offset }) => offset)).toEqual([1, 2]);
  });
});
