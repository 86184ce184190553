import { debtAt, LIMIT_LAWS, viewBucket } from '#libs/rating/bucket.js';
import { account, catalog, override } from '#libs/rating/test/terms.js';
import { metered } from '#libs/usage/test/metered.js';
import { applyUses, limitSteps, stepsOf, usesOf } from './bucket-uses.js';

const NOW = Date.UTC(2026, 10, 24, 9);
const terms = { catalogs: [catalog({ version: 'one', effectiveFrom: 0 })], account: account() };
const unlimited = new Map();

describe('bucket uses', () => {
  it('count every token pool but cached input, per organization and model', () => {
    const quantities = {
      input: 300,
      cached_input: 512,
      cache_write_5m: 5,
      output: 180,
      reasoning: 28,
      audio_ms: 1_500,
      characters: 9,
    };
    expect(
      usesOf([
        metered('a', { at: NOW, quantities }),
        metered('b', { at: NOW + 1, model: 'other' }),
        metered('c', { at: NOW + 2 }),
        metered('d', { at: NOW }, { organization: 'org_b' }),
      ]),
    ).toEqual([
      {
        organization: 'org_acme',
        model: 'llama',
        uses: [
          { at: NOW, requests: 1, tokens: 513, audioMs: 1_500 },
          { at: NOW + 2, requests: 1, tokens: 10, audioMs: 0 },
        ],
      },
      expect.objectContaining({ organization: 'org_acme', model: 'other' }),
      expect.objectContaining({ organization: 'org_b', model: 'llama' }),
    ]);
  });

  it('fill the buckets of limits that exist, and no others', () => {
    const uses = [{ at: NOW, requests: 1, tokens: 600, audioMs: 5 }];
    const steps = limitSteps(terms, 'llama', [NOW]);
    const after = applyUses(unlimited, uses, steps);
    expect([...after.keys()]).toEqual(['tokens_per_minute', 'tokens_per_day']);
    expect(applyUses(unlimited, uses, limitSteps(terms, 'plain', [NOW])).size).toBe(0);
  });

  it('leave no trace at a time when there was no such limit', () => {
    const overrides = [
      override({ limits: { requests_per_minute: 5 }, from: NOW, to: NOW + 60_000 }),
    ];
    const limited = { ...terms, account: account({ overrides }) };
    const use = (at: number) => ({ at, requests: 1, tokens: 0, audioMs: 0 });
    const steps = limitSteps(limited, 'llama', [NOW - 1, NOW + 60_000]);
    const fill = (at: number) => applyUses(unlimited, [use(at)], steps).get('requests_per_minute');
    expect(fill(NOW - 1)).toBeUndefined();
    expect(fill(NOW)?.debt).toBe(60_000_000_000n);
    expect(fill(NOW + 60_000)).toBeUndefined();
  });

  it('keep what is used when the plan changes, and refill at the new limit from then on', () => {
    const richer = catalog({ version: 'two', effectiveFrom: NOW + 30_000 });
    const raised = {
      ...richer,
      tiers: richer.tiers.map((tier) => ({
        ...tier,
        limits: { llama: { tokens_per_minute: 60_000 } },
      })),
    };
    const changing = { ...terms, catalogs: [...terms.catalogs, raised] };
    const later = NOW + 31_000;
    const steps = limitSteps(changing, 'llama', [NOW, later]);
    const full = applyUses(unlimited, [{ at: NOW, requests: 1, tokens: 6_000, audioMs: 0 }], steps);
    const bucket = full.get('tokens_per_minute');
    const law = LIMIT_LAWS.tokens_per_minute;
    const debt = debtAt(bucket!, stepsOf(steps, 'tokens_per_minute'), later);
    expect(viewBucket(debt, 60_000, law)).toMatchObject({ used: 2_000n, remaining: 58_000n });
  });
});
