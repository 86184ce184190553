import { exactJson } from '../http/exact-json.js';
import {
  allQuantities,
  digestText,
  parseTotals,
  type ReaderTotals,
  tokensOf,
  totalsView,
} from './reader-totals.js';

const TOTALS: ReaderTotals = {
  requests: 3n,
  quantities: allQuantities([
    ['input', 2n ** 70n],
    ['cached_input', 5n],
    ['audio_ms', 900n],
  ]),
  digest: [255n, 2n ** 64n - 1n],
  spentFemto: -12_500_000_000_000_001n,
  positions: { 'usage.recorded': { 0: 12, 11: 0 }, accounts: {} },
};

describe('usage totals of a reader', () => {
  it.each([
    ['as they are', TOTALS],
    ['without a price', { ...TOTALS, spentFemto: null }],
  ])('come back from JSON %s, exact at any size', (_, totals) => {
    expect(parseTotals(exactJson(totalsView(totals)))).toEqual(totals);
  });

  it('count cached tokens, and audio not', () => {
    expect(tokensOf(TOTALS)).toBe(2n ** 70n + 5n);
  });

  it('show both halves of the digest', () => {
    expect(digestText(TOTALS.digest)).toBe('00000000000000ffffffffffffffffff');
  });

  it.each(['null', '{}', '{"digest":"ff"}', '[]'])('are not %s', (text) => {
    expect(() => parseTotals(text)).toThrow('not the usage totals of a reader');
  });
});
