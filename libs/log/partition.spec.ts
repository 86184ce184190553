import { createRequire } from 'node:module';
import fc from 'fast-check';
import { partitionOf } from './partition.js';

// kafkajs carries a port of Kafka's own murmur2, written apart from ours.
const murmur2 = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2',
) as (key: Buffer) => number;

describe('partition of a key', () => {
  it.each([
    // The vectors of org.apache.kafka.common.utils.UtilsTest.testMurmur2, as hashes made positive.
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('is what the Java client computes for %s', (key, hash) => {
    expect(partitionOf(key, 2 ** 31)).toBe(hash & 0x7fffffff);
    expect(partitionOf(key, 12)).toBe((hash & 0x7fffffff) % 12);
  });

  it('agrees with the second implementation for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 500 }), (key, count) => {
        expect(partitionOf(key, count)).toBe((murmur2(Buffer.from(key)) & 0x7fffffff) % count);
      }),
    );
  });

  it('is 0 where there is one partition', () => {
    expect(partitionOf('org_acme', 1)).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a topic of %s partitions', (count) => {
    expect(() => partitionOf('a', count)).toThrow(RangeError);
  });
});
