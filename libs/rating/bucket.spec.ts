import { existsSync, readFileSync } from 'node:fs';
import { formatGoDuration } from '../time/duration.js';
import type { Bucket, LimitLaw } from './bucket.js';
import { addUse, debtAt, LIMIT_LAWS, retryInNs, viewBucket, windowNs } from './bucket.js';

const TPM = LIMIT_LAWS.tokens_per_minute;
const RPD = LIMIT_LAWS.requests_per_day;
const steady = (limit: number | null) => [{ from: 0, limit }];
const use = (units: number, at: number) => ({ milliunits: BigInt(units) * 1_000n, at });

function bucketOf(uses: readonly [units: number, at: number][], limit: number, law = TPM): Bucket {
  let bucket: Bucket | undefined;
  for (const [units, at] of uses) bucket = addUse(bucket, use(units, at), law, steady(limit));
  return bucket as Bucket;
}

/** Where the vectors of the facts file are, when the shared notes lie beside the checkout. */
const VECTORS = '../shared/catalog-facts/groq-price-and-limits.json';

interface Vectors {
  retry_samples: { tpm_limit: number; used: number; requested: number; formula_seconds: number }[];
  header_samples: {
    limit: number;
    remaining: number;
    window_s: number;
    formula_seconds: number;
  }[];
}

const nothing: Vectors = { retry_samples: [], header_samples: [] };
const vectors: Vectors = existsSync(VECTORS)
  ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as { refill_law_test_vectors: Vectors })
      .refill_law_test_vectors
  : nothing;

describe('bucket', () => {
  it.each([
    // limit, remaining, law, full in
    [500_000, 499_999, RPD, '172.8ms'],
    [250_000, 249_969, TPM, '7.44ms'],
    [14_400, 14_399, RPD, '6s'],
    [6_000, 5_987, TPM, '130ms'],
    [14_400, 14_370, RPD, '3m0s'],
    [6_000, 6_000, TPM, '0s'],
    [7_000, 6_999, RPD, '12.342857143s'],
  ])('of %i with %i remaining is full when the wire says so', (limit, remaining, law, text) => {
    const view = viewBucket(BigInt(limit - remaining) * windowNs(law), limit, law);
    expect(view.remaining).toBe(BigInt(remaining));
    expect(formatGoDuration(view.fullInNs as bigint)).toBe(text);
  });

  it.each([
    // limit, used, requested, wait
    [6_000, 4_093, 3_531, '16.24s'],
    [6_000, 2_884, 3_657, '5.41s'],
    [8_000, 7_297, 974, '2.0325s'],
    [6_000, 0, 6_000, '0s'],
    [6_000, 1, 6_000, '10ms'],
  ])('of %i with %i used takes %i more after the wire’s wait', (limit, used, requested, text) => {
    const wait = retryInNs(BigInt(used) * windowNs(TPM), BigInt(requested), limit, TPM);
    expect(formatGoDuration(wait as bigint)).toBe(text);
  });

  it('never takes more than its limit at once', () => {
    expect(retryInNs(0n, 15_041n, 6_000, TPM)).toBeNull();
    expect(retryInNs(0n, 1n, 0, TPM)).toBeNull();
    expect(viewBucket(windowNs(TPM), 0, TPM)).toEqual({ used: 1n, remaining: 0n, fullInNs: null });
  });

  it('agrees with every recorded vector', () => {
    for (const sample of vectors.header_samples) {
      const law: LimitLaw = { counts: 'tokens', windowSeconds: sample.window_s };
      const debt = BigInt(sample.limit - sample.remaining) * windowNs(law);
      const { fullInNs } = viewBucket(debt, sample.limit, law);
      expect(Number(fullInNs) / 1e9).toBeCloseTo(sample.formula_seconds, 9);
    }
    for (const sample of vectors.retry_samples) {
      const debt = BigInt(sample.used) * windowNs(TPM);
      const wait = retryInNs(debt, BigInt(sample.requested), sample.tpm_limit, TPM);
      expect(Number(wait) / 1e9).toBeCloseTo(sample.formula_seconds, 9);
    }
    expect([vectors.header_samples.length, vectors.retry_samples.length]).toEqual(
      existsSync(VECTORS) ? [11, 3] : [0, 0],
    );
  });

  it('refills continuously: half of 6000 a minute is back after 30 s, all after 60 s', () => {
    const bucket = bucketOf([[6_000, 0]], 6_000);
    const usedAt = (at: number) => viewBucket(debtAt(bucket, steady(6_000), at), 6_000, TPM).used;
    expect([0, 30_000, 59_999, 60_000, 90_000].map(usedAt)).toEqual([6_000n, 3_000n, 1n, 0n, 0n]);
  });

  it('shows a fraction of a unit as one used', () => {
    const bucket = bucketOf([[1, 0]], 6_000);
    expect(viewBucket(debtAt(bucket, steady(6_000), 3), 6_000, TPM)).toEqual({
      used: 1n,
      remaining: 5_999n,
      fullInNs: 10_000_000n,
    });
  });

  it('lets usage without a reservation go over and shows what is really used', () => {
    const bucket = bucketOf([[9_000, 0]], 6_000);
    expect(viewBucket(bucket.debt, 6_000, TPM)).toEqual({
      used: 9_000n,
      remaining: 0n,
      fullInNs: 90_000_000_000n,
    });
  });

  it('keeps what is used when the limit changes, and refills at each limit in its time', () => {
    const bucket = bucketOf([[6_000, 0]], 6_000);
    const steps = [
      { from: 0, limit: 6_000 },
      { from: 30_000, limit: 60_000 },
    ];
    const usedAt = (at: number) => viewBucket(debtAt(bucket, steps, at), 60_000, TPM).used;
    expect([30_000, 31_000, 33_000].map(usedAt)).toEqual([3_000n, 2_000n, 0n]);
  });

  it('is empty of debt as soon as there is no limit', () => {
    const bucket = bucketOf([[6_000, 0]], 6_000);
    expect(debtAt(bucket, [...steady(6_000), { from: 1_000, limit: null }], 1_001)).toBe(0n);
  });

  it('comes to the same whatever the order within unbroken use', () => {
    const uses: [number, number][] = [
      [600, 0],
      [600, 2_000],
      [600, 4_000],
      [600, 6_000],
    ];
    const inOrder = bucketOf(uses, 6_000);
    for (const order of [
      [1, 0, 2, 3],
      [3, 2, 1, 0],
      [2, 3, 0, 1],
    ]) {
      const bucket = bucketOf(
        order.map((index) => uses[index] as [number, number]),
        6_000,
      );
      expect(debtAt(bucket, steady(6_000), 6_000)).toBe(inOrder.debt);
    }
  });

  it('counts of late usage only what is not refilled yet', () => {
    // 100 tokens at second 0 are back after 1 s; at second 10 nothing of them is left.
    expect(
      bucketOf(
        [
          [100, 10_000],
          [100, 0],
        ],
        6_000,
      ).debt,
    ).toBe(100n * windowNs(TPM));
    expect(
      bucketOf(
        [
          [100, 10_000],
          [1_500, 0],
        ],
        6_000,
      ).debt,
    ).toBe(600n * windowNs(TPM));
  });

  it('gives back usage that is taken off, and no more than is there', () => {
    expect(
      bucketOf(
        [
          [100, 1_000],
          [-100, 1_000],
        ],
        6_000,
      ).debt,
    ).toBe(0n);
    expect(
      bucketOf(
        [
          [100, 90_000],
          [-100, 0],
        ],
        6_000,
      ).debt,
    ).toBe(100n * windowNs(TPM));
    expect(
      bucketOf(
        [
          [100, 1_000],
          [-500, 1_000],
        ],
        6_000,
      ).debt,
    ).toBe(0n);
  });

  it('counts audio to the millisecond', () => {
    const law = LIMIT_LAWS.audio_seconds_per_hour;
    const bucket = addUse(undefined, { milliunits: 1_500n, at: 0 }, law, steady(7_200));
    expect(viewBucket(bucket.debt, 7_200, law).used).toBe(2n);
    expect(viewBucket(debtAt(bucket, steady(7_200), 250), 7_200, law).used).toBe(1n);
  });
});
