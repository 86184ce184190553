import type { UsageRow } from '#libs/rating/rate-month.js';
import { account, catalog, override } from '#libs/rating/test/terms.js';
import { NOVEMBER } from '../test/rated.js';
import { whatIf } from './what-if.js';

const row = (part: Partial<UsageRow> = {}): UsageRow => ({
  hour: NOVEMBER.from,
  model: 'llama',
  serviceTier: 'on_demand',
  adapter: null,
  context: 0,
  quantity: 'input',
  units: 10n,
  events: 1n,
  digestA: 0n,
  digestB: 0n,
  ...part,
});
const published = catalog({ version: 'one', effectiveFrom: 0 });
const draft = (input: bigint) => catalog({ version: 'two', effectiveFrom: NOVEMBER.to, input });

function under(input: bigint, rows = [row()], part: Parameters<typeof account>[0] = {}) {
  const own = account({ tier: 'enterprise', ...part });
  return whatIf({
    account: own,
    catalogs: [published],
    draft: draft(input),
    period: NOVEMBER,
    rows,
  });
}

describe('a month under a draft catalog', () => {
  it.each([
    // price, outcome, after
    [40n, 'winner', 400n],
    [50n, 'unchanged', 500n],
    [60n, 'loser', 600n],
  ])('at %s for an input token makes a %s', (price, outcome, afterFemto) => {
    expect(under(price)).toEqual({ outcome, beforeFemto: 500n, afterFemto, missing: [] });
  });

  it('counts fees, and nothing of what is free', () => {
    const developer = under(60n, [row()], { tier: 'developer' });
    expect(developer.afterFemto - developer.beforeFemto).toBe(100n);
    expect(developer.beforeFemto).toBe(20n * 10n ** 15n + 500n);
    expect(under(60n, [row()], { tier: 'free' })).toMatchObject({
      outcome: 'unchanged',
      afterFemto: 0n,
    });
  });

  it('leaves the prices of a contract as they are', () => {
    const own = override({ from: 0, to: null, prices: { input: '0.000000007' } });
    expect(under(60n, [row()], { overrides: [own] })).toMatchObject({
      outcome: 'unchanged',
      beforeFemto: 70n,
    });
  });

  it('names what the draft has no price for, and is incomplete then', () => {
    const { models, ...rest } = draft(60n);
    const own = account({ tier: 'enterprise' });
    const rows = [row(), row({ model: 'plain', units: 3n }), row({ model: 'mystery' })];
    const { llama } = models;
    const result = whatIf({
      account: own,
      catalogs: [published],
      draft: { ...rest, models: { ...(llama && { llama }) } },
      period: NOVEMBER,
      rows,
    });
    // What has no price now either is no difference.
    expect(result).toEqual({
      outcome: 'incomplete',
      beforeFemto: 503n,
      afterFemto: 600n,
      missing: ['plain input, on_demand'],
    });
  });
});
