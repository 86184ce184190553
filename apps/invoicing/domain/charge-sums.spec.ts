// One number: what an invoice charges is what rating says the month costs, whatever the charge models and conditions.
import { PROFILE } from '#libs/testing/account-profile.js';
import type { Account } from '#libs/events/account.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import { rateMonth, spentByHour, type UsageRow } from '#libs/rating/rate-month.js';
import { NOVEMBER } from '../test/rated.js';
import { chargesOf } from './charge.js';

const TEXT = `version: one
effective_from: 2026-11-01T00:00:00Z
currency: USD
models:
  llama:
    prices:
      on_demand:
        input: { graduated: [{ up_to: 1000, price: "0.59", flat: "1" }, { price: "0.45" }] }
        output: { volume: [{ up_to: 10, price: "10" }, { price: "8", flat: "0.5" }] }
        cached_input: { price: "0.1", free_units: 500 }
        audio_ms: { package: { size: 60000, price: "0.006" } }
        searches: { flat: "5" }
        image_input: { price: "1", above_context: [{ tokens: 200000, price: "2" }] }
tiers:
  free: { usage: free }
  plain: { usage: metered, monthly_fee: "20" }
  deal: { usage: contract, discount_percent: "12.5", minimum_commitment: "100" }
  capped: { usage: contract, maximum_charge: "6" }
`;
const parsed = parseCatalogText(TEXT, 'application/yaml');
const catalogs = 'catalog' in parsed ? [parsed.catalog] : [];

const account = (tiers: Account['tiers']): Account => ({
  id: 'org_acme',
  profile: { ...PROFILE, tier: 'plain' },
  registeredAt: 0,
  effectiveFrom: 0,
  tiers,
  spendLimits: [],
  overrides: [],
  credits: [],
  keys: [],
});
const HALF = Date.UTC(2026, 10, 16);
const POOLS = ['input', 'output', 'cached_input', 'audio_ms', 'searches', 'image_input'] as const;
const rows: UsageRow[] = POOLS.flatMap((quantity, index) =>
  [NOVEMBER.from, HALF].map((hour) => ({
    hour,
    model: 'llama',
    serviceTier: 'on_demand' as const,
    adapter: null,
    context: index % 2 === 0 ? 0 : 200_000,
    quantity,
    units: 700n + BigInt(index),
    events: 1n,
    digestA: 1n,
    digestB: 1n,
  })),
);

describe('the charges of a month', () => {
  it.each([
    [['free']],
    [['plain']],
    [['deal']],
    [['capped']],
    [['free', 'deal']],
    [['plain', 'capped']],
    [['capped', 'deal']],
  ])('of an organization on %j are its spend, fees and commitments, to the femto', (names) => {
    const tiers = names.map((tier, index) => ({ tier, from: index === 0 ? 0 : HALF }));
    const terms = { catalogs, account: account(tiers) };
    const rated = rateMonth({ terms, period: NOVEMBER, rows });
    expect(rated.unpriced).toEqual([]);
    const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
    const charges = chargesOf(NOVEMBER, rated, []);
    expect(sum(charges.map(({ amountFemto }) => amountFemto))).toBe(
      rated.spentFemto + rated.feesFemto + rated.commitmentFemto,
    );
    const hours = spentByHour({ terms, period: NOVEMBER, rows });
    expect(sum(hours.map(([, femto]) => femto))).toBe(rated.spentFemto);
  });

  it('name each part of a price, and what comes off', () => {
    const tiers = [{ tier: 'capped', from: 0 }];
    const terms = { catalogs, account: account(tiers) };
    const charges = chargesOf(NOVEMBER, rateMonth({ terms, period: NOVEMBER, rows }), []);
    expect(charges.map(({ description }) => description)).toEqual([
      'llama audio_ms, on_demand, packages of 60000',
      'llama cached_input, on_demand, free',
      'llama cached_input, on_demand',
      'llama image_input, on_demand, input above 200000 tokens',
      'llama input, on_demand, tier 1 flat',
      'llama input, on_demand, tier 1',
      'llama input, on_demand, tier 2',
      'llama output, on_demand, tier 2 flat',
      'llama output, on_demand, tier 2',
      'llama searches, on_demand, flat',
      'llama searches, on_demand, included',
      'Discounts and caps of the contract',
    ]);
  });
});
