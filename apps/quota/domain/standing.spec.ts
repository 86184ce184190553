import { NOON, standingOf, termsOf } from '../test/standings.js';
import {
  hardLimitFemto,
  modelOf,
  NOTHING,
  rebook,
  scopesOf,
  spendOf,
  takenFemto,
  WHOLE,
} from './standing.js';

describe('standing', () => {
  it.each([
    [null, [WHOLE]],
    ['chat', [WHOLE, 'chat']],
  ])('counts project %p in %p', (project, scopes) => {
    expect(scopesOf(project)).toEqual(scopes);
  });

  it('books the difference in every scope, and takes all of it back', () => {
    const standing = standingOf();
    const place = { model: 'llama', project: 'chat', at: NOON };
    const first = { ...NOTHING, requests: 1n, tokens: 200n, heldFemto: 9n };
    const second = { ...first, tokens: 50n, heldFemto: 0n, unconfirmedFemto: 3n };
    rebook(standing, place, NOTHING, first);
    rebook(standing, place, first, second);
    const { buckets } = modelOf(standing, WHOLE, 'llama');
    expect(buckets.get('tokens_per_minute')?.debt).toBe(50n * 60_000_000_000n);
    for (const scope of scopesOf('chat'))
      expect(spendOf(standing, scope)).toEqual({
        spentFemto: 0n,
        heldFemto: 0n,
        unconfirmedFemto: 3n,
      });
    rebook(standing, place, second, NOTHING);
    expect(buckets.get('tokens_per_minute')?.debt).toBe(0n);
    expect(takenFemto(spendOf(standing, WHOLE))).toBe(0n);
  });

  it('keeps no bucket where there is no limit', () => {
    const standing = standingOf(termsOf({ tier: 'open' }));
    const place = { model: 'llama', project: null, at: NOON };
    rebook(standing, place, NOTHING, { ...NOTHING, requests: 1n, tokens: 1n });
    expect(modelOf(standing, WHOLE, 'llama').buckets.size).toBe(0);
  });

  it.each<[Parameters<typeof termsOf>[0], bigint | undefined]>([
    [{}, undefined],
    [{ spendLimits: [{ amount: '1.5' }] }, 1_500_000_000_000_000n],
    [{ spendLimits: [{ amount: '1.5', mode: 'soft' }] }, undefined],
    [{ spendLimits: [{ amount: '1.5' }, { amount: null }] }, undefined],
    [{ spendLimits: [{ amount: '1.5', from: NOON + 1 }] }, undefined],
    [{ spendLimits: [{ amount: '1.5', project: 'chat' }] }, undefined],
  ])('of %p is limited to %s', (part, femto) => {
    expect(hardLimitFemto(termsOf(part), WHOLE, NOON)).toBe(femto);
  });
});
