// Rated usage for specs of what is made of it.
import type { FeeLine, RatedLine, RatedMonth, Unpriced } from '#libs/rating/rate-month.js';

export const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
export const DECEMBER = { from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 1) };

/** `units` of llama input at a price in femto-units, over November, unless the part says otherwise. */
export function line(part: Partial<RatedLine> = {}): RatedLine {
  const { units = 10n, femtoPerUnit = 50n } = part;
  return {
    model: 'llama',
    serviceTier: 'on_demand',
    adapter: null,
    quantity: 'input',
    ...NOVEMBER,
    units,
    femtoPerUnit,
    amountFemto: units * femtoPerUnit,
    freeFemto: 0n,
    catalogVersion: 'one',
    overrideId: null,
    events: 1n,
    digestA: 1n,
    digestB: 2n,
    ...part,
  };
}

export function unpriced(part: Partial<Unpriced> = {}): Unpriced {
  const names = { model: 'mystery', serviceTier: 'batch', adapter: null } as const;
  return { ...names, quantity: 'input', ...NOVEMBER, units: 7n, events: 2n, ...part };
}

export function month(
  lines: readonly RatedLine[],
  part: { fees?: readonly FeeLine[]; unpriced?: readonly Unpriced[] } = {},
): RatedMonth {
  const { fees = [] } = part;
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
  const listFemto = sum(lines.map(({ amountFemto }) => amountFemto));
  const freeFemto = sum(lines.map((one) => one.freeFemto));
  return {
    lines,
    fees,
    unpriced: part.unpriced ?? [],
    listFemto,
    freeFemto,
    spentFemto: listFemto - freeFemto,
    feesFemto: sum(fees.map(({ amountFemto }) => amountFemto)),
  };
}
