import { createHash } from 'node:crypto';
import {
  addDigests,
  countedQuantities,
  DigestSum,
  eventDigest,
  NO_DIGEST,
  quantityHash,
} from './digest.js';
import type { MeteredEvent, UsageDelta } from './metered-batch.js';
import { QUANTITIES } from './quantities.js';

const keyOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

const delta: UsageDelta = {
  at: 0,
  model: 'm',
  project: null,
  apiKey: null,
  serviceTier: 'on_demand',
  adapter: null,
  user: null,
  requests: 1,
  quantities: { input: 300, cached_input: 0, output: 180 },
};

const event = (key: string, deltas: readonly UsageDelta[]): MeteredEvent => ({
  offset: 0,
  key,
  kind: 'recorded',
  source: 's',
  id: 'i',
  organization: 'o',
  reservation: null,
  deltas,
});

describe('digest', () => {
  it('is fixed for all time: stored digests are compared with new ones', () => {
    expect(quantityHash('0123456789abcdef0123456789abcdef', 'input', 300)).toEqual([
      17094295065254895016n,
      5976903906045995880n,
    ]);
  });

  it('differs between quantities, units, signs and keys', () => {
    const seen = new Set<string>();
    const units = [1, -1, 2, 300, 2 ** 32, 2 ** 32 + 1, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53];
    for (const key of ['a', 'b'].map(keyOf))
      for (const quantity of [...QUANTITIES, 'requests'])
        for (const count of units) {
          const [a, b] = quantityHash(key, quantity, count);
          seen.add(`a${a}`).add(`b${b}`);
          expect(a >= 0n && a < 2n ** 64n && b >= 0n && b < 2n ** 64n).toBe(true);
        }
    expect(seen.size).toBe(2 * 2 * 16 * units.length);
  });

  it('spreads over all bits: each bit of each half is set about half of the time', () => {
    const counts = [0, 1].map(() => Array.from({ length: 64 }, () => 0));
    for (let units = 0; units < 1_000; units += 1)
      for (const [half, hash] of quantityHash(keyOf('k'), 'input', units).entries())
        for (let bit = 0; bit < 64; bit += 1)
          if ((hash >> BigInt(bit)) & 1n) (counts[half] as number[])[bit]! += 1;
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it('counts requests and whatever is not zero', () => {
    expect(countedQuantities(delta)).toEqual([
      ['input', 300],
      ['output', 180],
      ['requests', 1],
    ]);
  });

  it('of an event is the sum over all that it counts, in any order', () => {
    const key = keyOf('event');
    const sum = (['input', 300, 'output', 180, 'requests', 1] as const).reduce(
      (digest, _, index, all) =>
        index % 2 === 1
          ? digest
          : addDigests(digest, quantityHash(key, all[index] as string, all[index + 1] as number)),
      NO_DIGEST,
    );
    expect(eventDigest(event(key, [delta]))).toEqual(sum);
    const reordered = { ...delta, quantities: { output: 180, input: 300 } };
    expect(eventDigest(event(key, [reordered]))).toEqual(sum);
  });

  it('of a pair of duplicates does not cancel', () => {
    const once = eventDigest(event(keyOf('x'), [delta]));
    expect(addDigests(once, once)).not.toEqual(NO_DIGEST);
  });

  it.each([3, 2 ** 20])(
    'summed in words, carried over after %d, is the sum of the hashes',
    (most) => {
      const sum = new DigestSum(most);
      let expected = NO_DIGEST;
      const key = keyOf('many');
      for (let units = 1; units <= 3_000; units += 1) {
        sum.add(key, 'input', units * 1_000_003);
        expected = addDigests(expected, quantityHash(key, 'input', units * 1_000_003));
      }
      expect(sum.digest()).toEqual(expected);
    },
  );

  it.each(['ABC', '', `${'0'.repeat(31)}g`, '0'.repeat(33), `${'0'.repeat(31)}A`])(
    'refuses %j, which is no identity key',
    (key) => {
      expect(() => quantityHash(key, 'input', 1)).toThrow(`"${key}" is not an identity key`);
    },
  );
});
