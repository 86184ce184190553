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

  it('says what has no price', () => {
    expect(decide([], 3)).toMatchObject({
      detail: '7 of mystery input (batch) have no price, and 2 more',
    });
  });
});
