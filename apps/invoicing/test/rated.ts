// Rated usage for specs of what is made of it.
import type {
  CommitmentLine,
  FeeLine,
  RatedLine,
  RatedMonth,
  Unpriced,
} from '#libs/rating/rate-month.js';

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
    amountFemto: units * (femtoPerUnit ?? 0n),
    freeFemto: 0n,
    discountFemto: 0n,
    part: '',
    aboveContext: 0,
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
  part: {
    fees?: readonly FeeLine[];
    commitments?: readonly CommitmentLine[];
    unpriced?: readonly Unpriced[];
  } = {},
): RatedMonth {
  const { fees = [], commitments = [] } = part;
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
  const listFemto = sum(lines.map(({ amountFemto }) => amountFemto));
  const freeFemto = sum(lines.map((one) => one.freeFemto));
  const discountFemto = sum(lines.map((one) => one.discountFemto));
  return {
    lines,
    fees,
    commitments,
    unpriced: part.unpriced ?? [],
    listFemto,
    freeFemto,
    discountFemto,
    spentFemto: listFemto - freeFemto - discountFemto,
    commitmentFemto: sum(commitments.map(({ amountFemto }) => amountFemto)),
    feesFemto: sum(fees.map(({ amountFemto }) => amountFemto)),
  };
}
