import { account, catalog } from '#libs/rating/test/terms.js';
import { isAfter, positionOf, priceChanges, suspendedOf, type UsageCut } from './suspense.js';

const H = 3_600_000;
const FIRST = catalog({ version: 'v1', effectiveFrom: 0 });
const CATALOGS = [FIRST, catalog({ version: 'v2', effectiveFrom: 10 * H })];
const TERMS = new Map([['org_a', { account: account(), catalogs: CATALOGS }]]);

function cut(part: Partial<UsageCut> = {}): UsageCut {
  return {
    organization: 'org_a',
    model: 'llama',
    serviceTier: 'on_demand',
    adapter: null,
    quantity: 'input',
    from: H,
    to: 3 * H,
    units: 5n,
    requests: 2n,
    ...part,
  };
}

describe('suspense', () => {
  it.each<[string, Partial<UsageCut>, string | undefined]>([
    // usage                          reason
    ['with a price', {}, undefined],
    ['of a model without a price', { model: 'new' }, 'unpriced'],
    ['of a quantity without a price', { quantity: 'searches' }, 'unpriced'],
    ['of a service tier without a price', { serviceTier: 'flex' }, 'unpriced'],
    ['of an adapter with a price', { adapter: 'mine' }, undefined],
    ['of an adapter without one', { adapter: 'mine', model: 'plain' }, 'unpriced'],
    ['of an unknown organization', { organization: 'org_x' }, 'unknown_organization'],
    ['that was voided again', { model: 'new', units: 0n }, undefined],
  ])('of usage %s', (_, part, reason) => {
    expect(suspendedOf([cut(part)], TERMS).map((row) => row.reason)).toEqual(
      reason === undefined ? [] : [reason],
    );
  });

  it('joins the cuts of a kind, and orders kinds by their names', () => {
    const late = cut({ model: 'new', from: 20 * H, to: 21 * H, units: 7n, requests: 1n });
    const rows = suspendedOf(
      [cut({ model: 'newer' }), late, cut({ model: 'new' }), cut({ organization: 'org_0' })],
      TERMS,
    );
    expect(
      rows.map(({ organization, model, from, to, units, requests }) => [
        organization,
        model,
        from,
        to,
        units,
        requests,
      ]),
    ).toEqual([
      ['org_0', 'llama', H, 3 * H, 5n, 2n],
      ['org_a', 'new', H, 21 * H, 12n, 3n],
      ['org_a', 'newer', H, 3 * H, 5n, 2n],
    ]);
    expect(rows.map((row) => isAfter(row, positionOf(late)))).toEqual([false, false, true]);
  });

  it('leaves out the time in which a price was in force', () => {
    const priced = catalog({ version: 'v2', effectiveFrom: 10 * H });
    const without = { ...FIRST, models: {} };
    const terms = new Map([['org_a', { account: account(), catalogs: [without, priced] }]]);
    const rows = suspendedOf([cut(), cut({ from: 10 * H, to: 11 * H })], terms);
    expect(rows).toMatchObject([{ from: H, to: 3 * H, units: 5n }]);
  });

  it('may change its prices where a catalog, a tier or an override begins or ends, of anyone', () => {
    const tiers = [
      { tier: 'free', from: 0 },
      { tier: 'developer', from: 4 * H },
    ];
    const other = { account: account({ tiers }), catalogs: CATALOGS };
    expect(priceChanges([...TERMS.values(), other])).toEqual([4 * H, 10 * H]);
    expect(priceChanges([])).toEqual([]);
  });
});
