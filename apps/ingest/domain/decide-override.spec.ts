import type { Account } from '#libs/events/account.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { type AskedOverride, decideOverride } from './decide-override.js';

const NOW = Date.UTC(2026, 10, 24, 9, 30);
const TEN = Date.UTC(2026, 10, 24, 10);
const HOUR = 3_600_000;
const newest: Catalog = {
  version: '2026-11-a',
  effectiveFrom: 0,
  currency: 'USD',
  models: { 'llama-3.1-8b-instant': { prices: {}, adapters: {} } },
  tiers: [],
};
const acme = { id: 'org_acme' } as Account;
const prices: AskedOverride = {
  overrideId: 'ovr_1',
  model: 'llama-3.1-8b-instant',
  serviceTier: null,
  prices: { input: '0.04' },
  limits: {},
  contract: {},
  effectiveFrom: undefined,
  effectiveTo: null,
};
const limits: AskedOverride = { ...prices, prices: {}, limits: { tokens_per_minute: 9 } };
const terms: AskedOverride = {
  ...prices,
  model: null,
  prices: {},
  contract: { discount_percent: '10', minimum_commitment: null },
};
const model = { graduated: [{ up_to: 5, price: '2' }, { price: '-1' }] };

describe('override', () => {
  it.each([
    // asked                                       effective from   case
    [prices, TEN, 'prices: the next hour'],
    [{ ...prices, effectiveFrom: TEN + HOUR }, TEN + HOUR, 'prices: the hour asked for'],
    [{ ...prices, limits: limits.limits }, TEN, 'both: as prices'],
    [terms, TEN, 'conditions: as prices'],
    [limits, NOW, 'limits alone: now'],
    [{ ...limits, effectiveFrom: NOW + 5 }, NOW + 5, 'limits alone: any later instant'],
  ])('acts from %# on (%s)', (asked, effectiveFrom) => {
    expect(decideOverride({ now: NOW, newest }, acme, asked)).toEqual({
      decided: expect.objectContaining({ organization: 'org_acme', effectiveFrom }),
    });
  });

  it.each([
    // asked                                              faults
    [{ ...prices, model: 'gpt-9' }, ['/model unknown_model']],
    [{ ...prices, model: 'constructor' }, ['/model unknown_model']],
    [{ ...prices, prices: {} }, [' empty_override']],
    [{ ...prices, prices: { tokens: '1' } }, ['/prices/tokens unknown_pool']],
    [{ ...prices, prices: { 'a/b~': '1' } }, ['/prices/a~1b~0 unknown_pool']],
    [{ ...prices, prices: { input: '-1' } }, ['/prices/input invalid_price']],
    [{ ...prices, prices: { input: 1 } }, ['/prices/input invalid_price']],
    [{ ...prices, prices: { input: '0.0000000001' } }, ['/prices/input invalid_price']],
    [{ ...limits, limits: { tokens: 1 } }, ['/limits/tokens unknown_limit']],
    [{ ...limits, limits: { tokens_per_day: -1 } }, ['/limits/tokens_per_day invalid_limit']],
    [{ ...limits, limits: { tokens_per_day: 1.5 } }, ['/limits/tokens_per_day invalid_limit']],
    [{ ...limits, limits: { tokens_per_day: null } }, []],
    [{ ...limits, project: 'chat' }, []],
    [{ ...prices, project: 'chat' }, ['/prices project_price']],
    [{ ...prices, effectiveFrom: NOW }, ['/effective_from not_a_whole_hour']],
    [{ ...prices, effectiveFrom: TEN - HOUR }, ['/effective_from too_early']],
    [{ ...limits, effectiveFrom: TEN - HOUR }, ['/effective_from in_the_past']],
    [{ ...prices, effectiveTo: TEN }, ['/effective_to empty_period']],
    [{ ...prices, effectiveTo: TEN + 1 }, ['/effective_to not_a_whole_hour']],
    [{ ...prices, effectiveTo: TEN + HOUR }, []],
    [{ ...limits, effectiveTo: NOW + 1 }, []],
    [{ ...prices, prices: { input: { price: '1', free_units: 5 } } }, []],
    [{ ...prices, prices: { input: model } }, ['/prices/input/graduated/1/price negative_price']],
    [{ ...prices, prices: { input: {} } }, ['/prices/input invalid_price']],
    [{ ...prices, model: null }, ['/model missing_field']],
    [{ ...terms, serviceTier: 'batch' as const }, ['/model missing_field']],
    [{ ...terms, contract: {} }, [' empty_override']],
    [{ ...terms, effectiveFrom: NOW }, ['/effective_from not_a_whole_hour']],
    [{ ...terms, contract: { discount_percent: '101' } }, ['/discount_percent invalid_percent']],
    [{ ...terms, contract: { maximum_charge: '-1' } }, ['/maximum_charge negative_price']],
    [
      { ...terms, contract: { minimum_commitment: '2', maximum_charge: '1' } },
      ['/minimum_commitment invalid_commitment'],
    ],
  ])('%# has the faults %j', (asked, expected) => {
    const decision = decideOverride({ now: NOW, newest }, acme, asked);
    const found = 'faults' in decision ? decision.faults : [];
    expect(found.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(expected);
  });

  it('takes any model before there is a catalog', () => {
    const asked = { ...prices, model: 'gpt-9' };
    expect(decideOverride({ now: NOW, newest: undefined }, acme, asked)).toHaveProperty('decided');
  });
});
