import { account, catalog, override } from '#libs/rating/test/terms.js';
import { applyUses, type Buckets, limitSteps } from './bucket-uses.js';
import { modelLimits } from './model-limits.js';

const NOW = Date.UTC(2026, 10, 24, 9);
const terms = { catalogs: [catalog({ version: 'one', effectiveFrom: 0 })], account: account() };

function used(tokens: number, at: number): ReadonlyMap<string, Buckets> {
  const steps = limitSteps(terms, 'llama', [at]);
  const use = { at, requests: 1, tokens, audioMs: 0 };
  return new Map([['llama', applyUses(new Map(), [use], steps)]]);
}

const none = { buckets: new Map(), used: [], now: NOW };

describe('model limits', () => {
  it('show each standard limit, null where there is none', () => {
    const [llama] = modelLimits({ ...none, terms });
    expect(
      llama?.limits.map(({ name, limit, windowSeconds }) => [name, limit, windowSeconds]),
    ).toEqual([
      ['requests_per_minute', null, 60],
      ['requests_per_day', null, 86_400],
      ['tokens_per_minute', 6_000, 60],
      ['tokens_per_day', 10, 86_400],
    ]);
    expect(llama?.limits[0]?.view).toBeNull();
    expect(llama?.limits[2]?.view).toEqual({ used: 0n, remaining: 6_000n, fullInNs: 0n });
  });

  it('refill as time goes by', () => {
    const at = (now: number) =>
      modelLimits({ ...none, terms, buckets: used(6_000, NOW), now })[0]?.limits[2]?.view;
    expect(at(NOW)).toEqual({ used: 6_000n, remaining: 0n, fullInNs: 60_000_000_000n });
    expect(at(NOW + 15_000)).toEqual({
      used: 4_500n,
      remaining: 1_500n,
      fullInNs: 45_000_000_000n,
    });
    expect(at(NOW + 60_000)).toEqual({ used: 0n, remaining: 6_000n, fullInNs: 0n });
  });

  it('list the tier’s models, then overridden ones, then those used', () => {
    const overrides = [
      override({ model: 'special', limits: { audio_seconds_per_hour: 7 }, from: 0, to: null }),
    ];
    const limits = modelLimits({
      ...none,
      terms: { ...terms, account: account({ overrides }) },
      used: ['zeta', 'alpha', 'llama'],
    });
    expect(limits.map(({ model }) => model)).toEqual(['llama', 'special', 'alpha', 'zeta']);
    expect(limits[1]?.limits.at(-1)).toMatchObject({ name: 'audio_seconds_per_hour', limit: 7 });
  });

  it('narrow to one model that the catalog knows, and to none that nobody knows', () => {
    const only = (model: string) => modelLimits({ ...none, terms, only: model });
    expect(only('llama')).toHaveLength(1);
    expect(only('plain').map(({ model }) => model)).toEqual(['plain']);
    expect(only('unheard-of')).toEqual([]);
  });

  it('are all null on a tier that the catalog lacks', () => {
    const lost = { ...terms, account: account({ tier: 'gold' }) };
    const [llama] = modelLimits({ ...none, terms: lost, used: ['llama'] });
    expect(llama?.limits.map(({ limit }) => limit)).toEqual([null, null, null, null]);
  });
});
