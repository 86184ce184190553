import { account, catalog } from '#libs/rating/test/terms.js';
import { NOVEMBER } from '../test/rated.js';
import { lateCharges, mayOweOtherwise, NOTHING_OWED } from './late-charges.js';

const UNIT = 10n ** 15n;
const terms = (tier: string, contract?: { minimum_commitment: string }) => {
  const span = { from: 0, to: null };
  const own = { id: 'o', model: null, serviceTier: null, prices: {}, limits: {}, ...span };
  const overrides = contract ? [{ ...own, contract }] : [];
  return {
    catalogs: [catalog({ version: 'one', effectiveFrom: 0 })],
    account: account({ tier, overrides }),
  };
};

describe('what a closed month owes beside its usage', () => {
  it.each([
    [{ fee: 5n, commitment: 3n }, { fee: 5n, commitment: 3n }, []],
    [{ fee: 7n, commitment: 0n }, { fee: 5n, commitment: 0n }, [['fee', 2n]]],
    [{ fee: 0n, commitment: 1n }, { fee: 0n, commitment: 3n }, [['commitment', -2n]]],
    [
      { fee: 0n, commitment: 1n },
      { fee: 5n, commitment: 0n },
      [
        ['fee', -5n],
        ['commitment', 1n],
      ],
    ],
  ])('now %j less billed %j is %j', (now, billed, expected) => {
    const found = lateCharges(now, billed).map(({ kind, amountFemto }) => [kind, amountFemto]);
    expect(found).toEqual(expected);
  });

  it.each([
    // terms                                              billed                              may differ
    [terms('free'), NOTHING_OWED, false],
    [terms('developer'), { fee: 20n * UNIT, commitment: 0n }, false],
    [terms('developer'), { fee: 10n * UNIT, commitment: 0n }, true],
    [terms('free'), { fee: 20n * UNIT, commitment: 0n }, true],
    [terms('free'), { fee: 0n, commitment: 1n }, true],
    [terms('enterprise', { minimum_commitment: '5' }), NOTHING_OWED, true],
  ])('may differ from what was billed (%#)', (of, billed, expected) => {
    expect(mayOweOtherwise(of, NOVEMBER, billed)).toBe(expected);
  });
});
