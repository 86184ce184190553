import { FEMTO } from '#libs/money/money.js';
import { DECEMBER, line, month, NOVEMBER } from '../test/rated.js';
import { chargesOf } from './charge.js';

const fee = {
  ...DECEMBER,
  tier: 'developer',
  monthlyFemto: 20n * FEMTO,
  amountFemto: 20n * FEMTO,
  catalogVersion: 'one',
};
const OCTOBER = { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 10, 1) };

describe('the charges of a month', () => {
  it('are usage, fees, adjustments by month, and the credit of the free tier last', () => {
    const late = [NOVEMBER, OCTOBER].map((period) => ({
      period,
      number: null,
      lines: [line({ ...period, freeFemto: 5n })],
      unpriced: [],
    }));
    const rated = month([line({ ...DECEMBER, freeFemto: 500n })], { fees: [fee] });
    const charges = chargesOf(DECEMBER, rated, late);
    expect(charges.map(({ kind, bills, amountFemto }) => [kind, bills, amountFemto])).toEqual([
      ['usage', DECEMBER, 500n],
      ['fee', DECEMBER, 20n * FEMTO],
      ['adjustment', OCTOBER, 500n],
      ['adjustment', NOVEMBER, 500n],
      ['credit', DECEMBER, -510n],
    ]);
  });

  it('have no credit where nothing was free', () => {
    expect(chargesOf(NOVEMBER, month([line()]), []).map(({ kind }) => kind)).toEqual(['usage']);
  });

  it.each([
    [line(), 'llama input, on_demand'],
    [line({ serviceTier: 'batch', adapter: 'tuned-7' }), 'llama input, batch, adapter tuned-7'],
  ])('say what they are for', (used, description) => {
    expect(chargesOf(NOVEMBER, month([used]), [])[0]?.description).toBe(description);
  });
});
