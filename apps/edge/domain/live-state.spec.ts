import { hintsBetween, type LiveState } from './live-state.js';

const spend = (change: Record<string, unknown> = {}): LiveState => ({
  spend: { spent_exact: '1', held_exact: '0', as_of: { lag_ms: 1 }, ...change },
  invoices: { data: [] },
});

describe('hints between two looks', () => {
  it.each([
    ['nothing moved', spend(), spend({ as_of: { lag_ms: 7 } }), []],
    ['usage came in', spend(), spend({ spent_exact: '2' }), ['spend', 'limits', 'usage']],
    ['a hold was taken', spend(), spend({ held_exact: '3' }), ['spend', 'limits']],
    ['an invoice came', spend(), { ...spend(), invoices: { data: [{}] } }, ['invoice']],
    ['quota is away', spend(), { ...spend(), spend: null }, []],
    ['quota is back', { ...spend(), spend: null }, spend(), ['spend', 'limits', 'usage']],
  ] as [string, LiveState, LiveState, string[]][])('when %s are right', (_, before, now, hints) => {
    expect(hintsBetween(before, now)).toEqual(hints);
  });
});
