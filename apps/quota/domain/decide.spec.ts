import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { formatGoDuration } from '#libs/time/duration.js';
import { NOON, requestOf, reserved, standingOf, termsOf } from '../test/standings.js';
import { decide, type Decided } from './decide.js';
import { heldBooking } from './reservation.js';
import { NOTHING, rebook, spendOf, takenFemto, WHOLE } from './standing.js';
import { isFault } from './worst-case.js';

const ULID = '01jd3v8q2m0000000000000000';
const llama = (limits: Record<string, number>) => [{ limits }];

const FACTS = '/work/shared/catalog-facts/groq-price-and-limits.json';

interface RefillVectors {
  readonly retry_samples: readonly {
    readonly tpm_limit: number;
    readonly used: number;
    readonly requested: number;
    readonly formula_seconds: number;
  }[];
  readonly header_samples: readonly {
    readonly limit: number;
    readonly remaining: number;
    readonly window_s: number;
    readonly formula_seconds: number;
  }[];
}

function refillVectors(): RefillVectors {
  if (existsSync(FACTS))
    return (JSON.parse(readFileSync(FACTS, 'utf8')) as { refill_law_test_vectors: RefillVectors })
      .refill_law_test_vectors;
  const sample = (limit: number, remaining: number, window_s: number, formula_seconds: number) => ({
    limit,
    remaining,
    window_s,
    formula_seconds,
  });
  return {
    retry_samples: [{ tpm_limit: 8_000, used: 7_297, requested: 974, formula_seconds: 2.0325 }],
    header_samples: [
      sample(500_000, 499_999, 86_400, 0.1728),
      sample(250_000, 249_969, 60, 0.00744),
      sample(10_000, 9_999, 86_400, 8.64),
    ],
  };
}

function decided(standing = standingOf(), part = {}, at = NOON): Decided {
  const found = decide(standing, { request: requestOf(part), at, ulid: ULID });
  if (isFault(found)) throw new Error(found.detail);
  return found;
}

describe('decision', () => {
  it('to admit says what is held, what is left and by which name', () => {
    const { decision } = decided();
    expect(decision).toMatchObject({
      id: `dec_${ULID}`,
      reservation: `rsv_${ULID}`,
      outcome: 'admitted',
      profile: 'groq',
      tier: 'developer',
      violated: [],
      held: { requests: 1, tokens: 200n, spendFemto: 1_500_000_000_000n },
    });
    expect(decision.windows.map(({ name, remaining }) => [name, remaining])).toEqual([
      ['requests_per_minute', 999n],
      ['tokens_per_minute', 5_800n],
    ]);
  });

  it('changes nothing by itself', () => {
    const standing = standingOf();
    decided(standing);
    expect(takenFemto(spendOf(standing, WHOLE))).toBe(0n);
    expect(decided(standing).decision.windows[1]?.remaining).toBe(5_800n);
  });

  it.each([
    // limit used  requested  wait       of real refusals
    [6_000, 4_093n, 3_531n, '16.24s'],
    [6_000, 2_884n, 3_657n, '5.41s'],
    [8_000, 7_297n, 974n, '2.0325s'],
  ])('to refuse at %s with %s used and %s asked waits %s', (limit, used, asked, wait) => {
    const standing = standingOf(termsOf({ overrides: llama({ tokens_per_minute: limit }) }));
    reserved(standing, { inputTokens: used, maxOutputTokens: 0n });
    const { decision } = decided(standing, { inputTokens: asked, maxOutputTokens: 0n });
    expect(decision.violated).toEqual([
      expect.objectContaining({
        kind: 'bucket',
        name: 'tokens_per_minute',
        used,
        requested: asked,
      }),
    ]);
    expect(formatGoDuration(decision.violated[0]?.retryInNs ?? -1n)).toBe(wait);
    expect(decision.held).toBeNull();
    // A nanosecond short of the wait it does not fit; then it does.
    const ms = Number((decision.violated[0]?.retryInNs ?? 0n) / 1_000_000n);
    const at = (when: number) =>
      decided(standing, { inputTokens: asked, maxOutputTokens: 0n }, when).decision.outcome;
    expect([at(NOON + ms - 1), at(NOON + ms + 1)]).toEqual(['refused', 'admitted']);
  });

  it('reproduces every refill vector, of the facts when they are there', () => {
    const vectors = refillVectors();
    for (const sample of vectors.retry_samples) {
      const limits = llama({ tokens_per_minute: sample.tpm_limit });
      const standing = standingOf(termsOf({ overrides: limits }));
      reserved(standing, { inputTokens: BigInt(sample.used), maxOutputTokens: 0n });
      const asked = { inputTokens: BigInt(sample.requested), maxOutputTokens: 0n };
      const [violation] = decided(standing, asked).decision.violated;
      expect(Number(violation?.retryInNs)).toBe(Math.round(sample.formula_seconds * 1e9));
    }
    for (const sample of vectors.header_samples) {
      // Requests or tokens, minute or day: the law knows a limit and a window.
      const name = sample.window_s === 60 ? 'tokens_per_minute' : 'tokens_per_day';
      const standing = standingOf(termsOf({ overrides: llama({ [name]: sample.limit }) }));
      const used = BigInt(sample.limit - sample.remaining);
      reserved(standing, { inputTokens: used, maxOutputTokens: 0n, ttlSeconds: 1 });
      const { windows } = decided(standing, { inputTokens: 0n, maxOutputTokens: 0n }).decision;
      const window = windows.find((one) => one.name === name);
      expect(window?.remaining).toBe(BigInt(sample.remaining));
      expect(Number(window?.fullInNs)).toBe(Math.round(sample.formula_seconds * 1e9));
    }
    expect(vectors.retry_samples.length + vectors.header_samples.length).toBeGreaterThan(3);
  });

  it('of more than a bucket ever holds is too large, and never waits', () => {
    const [violation] = decided(standingOf(), { inputTokens: 15_041n }).decision.violated;
    expect([violation?.kind, violation?.retryInNs]).toEqual(['too_large', null]);
  });

  it('names what takes longest first', () => {
    const standing = standingOf(
      termsOf({
        spendLimits: [{ amount: '0.001' }],
        overrides: llama({ requests_per_minute: 1, tokens_per_minute: 250 }),
      }),
    );
    reserved(standing);
    const { violated } = decided(standing).decision;
    expect(violated.map(({ kind, name }) => [kind, name])).toEqual([
      ['spend_limit', 'spend_limit'],
      ['bucket', 'requests_per_minute'],
      ['bucket', 'tokens_per_minute'],
    ]);
  });

  it.each<[string | null, 'hard' | 'soft', string, string]>([
    // amount  mode            outcome
    ['0.0015', 'hard', 'admitted', 'exactly what is left'],
    ['0.001499999999999', 'hard', 'refused', 'a femto short'],
    ['0', 'hard', 'refused', 'nothing may be spent'],
    ['0', 'soft', 'admitted', 'a soft limit only tells'],
    [null, 'hard', 'admitted', 'a lifted limit'],
  ])('under a limit of %s (%s) is %s: %s', (amount, mode, outcome, _why) => {
    const standing = standingOf(termsOf({ spendLimits: [{ amount, mode }] }));
    expect(decided(standing).decision.outcome).toBe(outcome);
  });

  it('never takes more than a limit or a bucket holds, in any order of requests', () => {
    const request = fc.record({
      inputTokens: fc.bigInt({ min: 0n, max: 4_000n }),
      maxOutputTokens: fc.bigInt({ min: 0n, max: 4_000n }),
      project: fc.constantFrom(null, 'chat'),
      wait: fc.integer({ min: -50, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        const limits = [{ amount: '0.05' }, { amount: '0.02', project: 'chat' }];
        const standing = standingOf(termsOf({ spendLimits: limits }));
        let at = NOON;
        for (const { wait, ...part } of requests) {
          at += wait;
          const { decision, worst } = decided(standing, part, at);
          expect(decision.outcome === 'refused').toBe(decision.violated.length > 0);
          if (decision.outcome === 'refused') continue;
          const booked = heldBooking(decision.request, worst);
          rebook(standing, { model: 'llama', project: part.project, at }, NOTHING, booked);
          for (const window of decision.windows)
            expect(window.used + window.remaining).toBe(window.limit);
          expect(takenFemto(spendOf(standing, WHOLE))).toBeLessThanOrEqual(50_000_000_000_000n);
          expect(takenFemto(spendOf(standing, 'chat'))).toBeLessThanOrEqual(20_000_000_000_000n);
        }
      }),
    );
  });
});
