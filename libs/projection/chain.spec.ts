import fc from 'fast-check';
import type { MeteredBatch, MeteredEvent } from '../events/metered-batch.js';
import { followChain } from './chain.js';

const batch = (from: number, to: number): MeteredBatch => ({
  version: 1,
  partition: 0,
  from,
  to,
  events: Array.from(
    { length: to - from },
    (_, index) => ({ offset: from + index }) as MeteredEvent,
  ),
});
const offsetsOf = (events: readonly MeteredEvent[]): number[] => events.map((one) => one.offset);

describe('chain', () => {
  it.each([
    // expected  range    events given     expected next   case
    [4, [4, 6], [4, 5], 6, 'the next range'],
    [4, [2, 6], [4, 5], 6, 'a range that begins earlier'],
    [4, [0, 4], [], 4, 'a range that was read'],
    [4, [4, 4], [], 4, 'an empty range'],
  ])('at %i takes of %j the events %j and expects %i: %s', (expected, [from, to], given, next) => {
    const followed = followChain(expected, batch(from as number, to as number));
    expect(offsetsOf(followed.events)).toEqual(given);
    expect(followed.expected).toBe(next);
  });

  it('halts at a range that starts above what is expected, and names what is missing', () => {
    expect(() => followChain(4, batch(6, 9))).toThrow(/raw offsets 4 to 5 of partition 0/);
  });

  it('gives each event out once however often prefixes are repeated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(11)),
        (lengths, repeats) => {
          const ranges = lengths.map((_, index) => {
            const from = lengths.slice(0, index).reduce((sum, one) => sum + one, 0);
            return batch(from, from + (lengths[index] as number));
          });
          const given: number[] = [];
          let expected = 0;
          const take = (one: MeteredBatch): void => {
            const followed = followChain(expected, one);
            expected = followed.expected;
            given.push(...offsetsOf(followed.events));
          };
          ranges.forEach((range, index) => {
            take(range);
            for (const back of repeats) if (back < index) take(ranges[back] as MeteredBatch);
          });
          expect(given).toEqual(Array.from({ length: expected }, (_, offset) => offset));
        },
      ),
    );
  });
});
