import { FEMTO } from '#libs/money/money.js';
import type { RatedLine } from '#libs/rating/rate-month.js';
import { account } from '#libs/rating/test/terms.js';
import { line, month, NOVEMBER, unpriced } from '../test/rated.js';
import { decideIssue } from './decide-issue.js';
import { draftInvoice } from './invoice.js';

function decide(lines: readonly RatedLine[], waiting = 0) {
  const suspense = Array.from({ length: waiting }, () => unpriced());
  const rated = month(lines, { unpriced: suspense });
  return decideIssue(
    draftInvoice({ account: account(), period: NOVEMBER, rated, late: [], cut: {} }),
  );
}

describe('issuing', () => {
  it.each<[string, RatedLine[], number, string, string | undefined]>([
    ['usage', [line()], 0, 'issue', undefined],
    ['usage that is free', [line({ freeFemto: 500n })], 0, 'issue', undefined],
    ['nothing', [], 0, 'empty', undefined],
    ['a negative total', [line({ amountFemto: -FEMTO })], 0, 'parked', 'negative_total'],
    ['less than half a cent below zero', [line({ amountFemto: -1n })], 0, 'issue', undefined],
    ['usage without a price', [line()], 1, 'blocked', 'suspense'],
    ['nothing but usage without a price', [], 2, 'blocked', 'suspense'],
    ['both faults', [line({ amountFemto: -FEMTO })], 1, 'blocked', 'suspense'],
  ])('of %s', (_, lines, waiting, outcome, reason) => {
    const decision = decide(lines, waiting);
    expect([decision.outcome, 'reason' in decision ? decision.reason : undefined]).toEqual([
      outcome,
      reason,
    ]);
  });

  it.each<[bigint, bigint | undefined, string]>([
    // dollars, cents before, decision
    [1_000n, 100n, 'issue'],
    [1_001n, 10_000n, 'above_previous'],
    [1_001n, 10_010n, 'issue'],
    [1_001n, 0n, 'above_previous'],
    [1_001n, undefined, 'issue'],
    [5_000n, undefined, 'issue'],
    [5_001n, 1_000_000n, 'above_ceiling'],
  ])('of %s dollars after %s cents: %s', (dollars, before, expected) => {
    const rated = month([line({ amountFemto: dollars * FEMTO })]);
    const draft = draftInvoice({
      account: account(),
      period: NOVEMBER,
      rated,
      late: [],
      cut: {},
    });
    const bounds = { factor: 10, floor: 1_000, ceiling: 5_000 };
    const decision = decideIssue(draft, bounds, before);
    expect('reason' in decision ? decision.reason : decision.outcome).toBe(expected);
    expect(decideIssue(draft).outcome).toBe('issue');
  });

  it('says what has no price', () => {
    expect(decide([], 3)).toMatchObject({
      detail: '7 of mystery input (batch) have no price, and 2 more',
    });
  });
});
