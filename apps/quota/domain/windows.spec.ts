import { NOON, requestOf, reserved, standingOf, termsOf } from '../test/standings.js';
import { modelOf, WHOLE } from './standing.js';
import { bucketViolations, excessViolation, NO_TAKE, takeOf, windowsOf } from './windows.js';

describe('windows', () => {
  const worst = { requests: 1, tokens: 10n, audioMs: 2_500n };

  it.each([
    ['on_demand' as const, { requests: 1n, tokens: 10n, audioMs: 2_500n }],
    ['flex' as const, { requests: 1n, tokens: 10n, audioMs: 2_500n }],
    ['batch' as const, NO_TAKE],
  ])('take on %s: %p', (tier, take) => {
    expect(takeOf(tier, worst)).toEqual(take);
  });

  it('are those of the organization, then of the project, without limits that do not exist', () => {
    const terms = termsOf({ overrides: [{ project: 'chat', limits: { tokens_per_day: 50 } }] });
    const standing = standingOf(terms);
    reserved(standing, { project: 'chat', inputTokens: 30n, maxOutputTokens: 0n });
    const windows = windowsOf(standing, requestOf({ project: 'chat' }), NOON, NO_TAKE);
    expect(windows.map(({ scope, name, used, limit }) => [scope, name, used, limit])).toEqual([
      ['organization', 'requests_per_minute', 1n, 1_000n],
      ['organization', 'tokens_per_minute', 30n, 6_000n],
      ['project', 'tokens_per_day', 30n, 50n],
    ]);
  });

  it('keep what is used when the tier or an override changes the limit', () => {
    const change = NOON + 1_000;
    const overrides = [{ limits: { tokens_per_minute: 600 }, from: change }];
    const standing = standingOf(termsOf({ overrides }));
    reserved(standing, { inputTokens: 1_000n, maxOutputTokens: 0n });
    const at = (when: number) =>
      windowsOf(standing, requestOf(), when, NO_TAKE).find((one) => one.name.startsWith('tokens'));
    // A second at 100 a second, then a second at 10 a second.
    expect(at(change)).toMatchObject({ limit: 600n, used: 900n, remaining: 0n });
    expect(at(change + 1_000)).toMatchObject({ used: 890n });
  });

  it('do not refill while the clock goes backwards', () => {
    const standing = standingOf();
    reserved(standing, { inputTokens: 1_000n, maxOutputTokens: 0n });
    const [, tokens] = windowsOf(standing, requestOf(), NOON - 60_000, NO_TAKE);
    expect(tokens?.used).toBe(1_000n);
  });

  it('count audio to the millisecond', () => {
    const standing = standingOf();
    const place = { scope: WHOLE, model: 'whisper', at: NOON };
    const take = (audioMs: bigint) => ({ requests: 1n, tokens: 0n, audioMs });
    expect(bucketViolations(standing, place, take(60_000n))).toEqual([]);
    expect(bucketViolations(standing, place, take(60_001n))).toEqual([
      expect.objectContaining({
        kind: 'too_large',
        name: 'audio_seconds_per_hour',
        requested: 61n,
      }),
    ]);
  });

  it('are blocked by excess until refill has paid, batch work apart', () => {
    const standing = standingOf();
    modelOf(standing, WHOLE, 'llama').excessUntil = NOON + 2_000;
    const excess = (request: ReturnType<typeof requestOf>, at: number) =>
      excessViolation(standing, request, 200n, at);
    expect(excess(requestOf(), NOON)).toMatchObject({
      kind: 'excess_block',
      limit: 6_000n,
      used: 6_201n,
      retryInNs: 2_000_000_000n,
    });
    expect(excess(requestOf({ serviceTier: 'batch' }), NOON)).toBeUndefined();
    expect(excess(requestOf(), NOON + 2_000)).toBeUndefined();
  });
});
