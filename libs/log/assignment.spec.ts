import fc from 'fast-check';
import { assignRoundRobin } from './assignment.js';
import type { TopicPartition } from './event-log.js';

const parts = (topic: string, count: number): TopicPartition[] =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));

describe('round-robin assignment', () => {
  it('deals in turn', () => {
    const shares = assignRoundRobin([
      { id: 'b', partitions: parts('t', 3) },
      { id: 'a', partitions: parts('t', 3) },
    ]);
    expect(shares.get('a')?.map(({ partition }) => partition)).toEqual([0, 2]);
    expect(shares.get('b')?.map(({ partition }) => partition)).toEqual([1]);
  });

  it('gives a topic only to members that asked for it', () => {
    const shares = assignRoundRobin([
      { id: 'a', partitions: parts('x', 2) },
      { id: 'b', partitions: [...parts('x', 2), ...parts('y', 2)] },
    ]);
    expect(shares.get('a')?.every(({ topic }) => topic === 'x')).toBe(true);
    expect(shares.get('b')?.filter(({ topic }) => topic === 'y')).toHaveLength(2);
  });

  it('gives every partition to exactly one member, whatever the order of the list, and no member much more', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (ids, count) => {
          const members = ids.map((id) => ({ id, partitions: parts('t', count) }));
          const shares = assignRoundRobin(members);
          expect(assignRoundRobin(members.toReversed())).toEqual(shares);
          const dealt = [...shares.values()].flat().map(({ partition }) => partition);
          expect(dealt.toSorted((a, b) => a - b)).toEqual(
            parts('t', count).map(({ partition }) => partition),
          );
          const sizes = [...shares.values()].map(({ length }) => length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
