// Usage hours → money, exact to the femto-unit. Both the limiter's spend and the invoice are this one function, so that they
// cannot differ. The result depends on the sums of the rows only, never on their order or on how they are split.
import { capDiscount } from './charge/discount.js';
import { trueUpFemto } from './charge/minimum-commitment.js';
import type { FeeLine } from './fees.js';
import { feesIn } from './fees.js';
import type { RatingInput } from './key-usage.js';
import { MonthUsage } from './key-usage.js';
import type { MonthCuts } from './month-cuts.js';
import { HAS_MAXIMUM, HAS_MINIMUM, monthCuts } from './month-cuts.js';
import type { PriceKey, PriceRow } from './price-book.js';
import type { RatedPart, RatedRow } from './rated-parts.js';
import { ratedRows } from './rated-parts.js';
import type { CommitmentLine, RatedLine, RatedMonth, Unpriced } from './rated-month.js';

export type { FeeLine } from './fees.js';
export type { RatingInput } from './key-usage.js';
export type { CommitmentLine, RatedLine, RatedMonth, Unpriced } from './rated-month.js';
export { spentByHour } from './spent-by-hour.js';
export type { UsageRow } from './usage-row.js';

type Key = Omit<PriceKey, 'context'>;

/** Rates one organization's usage hours of a period. Lines that net to nothing (usage voided again) are left out. */
export function rateMonth({ terms, period, rows }: RatingInput): RatedMonth {
  const cuts = monthCuts(terms, period);
  const usage = new MonthUsage(terms, cuts);
  for (const row of rows) usage.add(row);
  const unpriced: Unpriced[] = [];
  const priced: { key: Key; rated: RatedRow; row: PriceRow }[] = [];
  for (const one of usage.keys())
    for (const rated of ratedRows(one, cuts))
      if (rated.row) priced.push({ key: one.key, rated, row: rated.row });
      else unpriced.push(unpricedOf(one.key, rated));
  const paid = applyCap(cuts, priced);
  const lines = priced.flatMap(({ key, rated, row }) => linesOf(key, rated, row));
  const fees = feesIn(terms, period);
  const commitments = commitmentsOf(cuts, paid);
  return { lines, fees, commitments, unpriced, ...totalsOf(lines, fees, commitments) };
}

function totalsOf(
  lines: readonly RatedLine[],
  fees: readonly FeeLine[],
  commitments: readonly CommitmentLine[],
) {
  let listFemto = 0n;
  let freeFemto = 0n;
  let discountFemto = 0n;
  for (const line of lines) {
    listFemto += line.amountFemto;
    freeFemto += line.freeFemto;
    discountFemto += line.discountFemto;
  }
  return {
    listFemto,
    freeFemto,
    discountFemto,
    spentFemto: listFemto - freeFemto - discountFemto,
    feesFemto: fees.reduce((sum, fee) => sum + fee.amountFemto, 0n),
    commitmentFemto: commitments.reduce((sum, { amountFemto }) => sum + amountFemto, 0n),
  };
}

// A cap is used up line by line, in the lines' order. Gives what is paid, after it, where a minimum holds.
function applyCap(cuts: MonthCuts, priced: readonly { rated: RatedRow }[]): bigint {
  const { minimum, maximumFemto } = cuts;
  if (minimum === null && maximumFemto === null) return 0n;
  let before = 0n;
  let towardsMinimum = 0n;
  for (const { rated } of priced)
    for (const part of rated.parts)
      for (const { conditions, femto } of part.paid) {
        let off = 0n;
        if (maximumFemto !== null && (conditions & HAS_MAXIMUM) !== 0) {
          off = capDiscount(maximumFemto, before, femto);
          before += femto;
        }
        part.discountFemto += off;
        if ((conditions & HAS_MINIMUM) !== 0) towardsMinimum += femto - off;
      }
  return towardsMinimum;
}

function commitmentsOf({ minimum }: MonthCuts, spentFemto: bigint): CommitmentLine[] {
  if (minimum === null) return [];
  const { femto: minimumFemto, ...line } = minimum;
  const amountFemto = trueUpFemto({ minimumFemto, spentFemto });
  return amountFemto === 0n ? [] : [{ ...line, minimumFemto, spentFemto, amountFemto }];
}

function unpricedOf(key: Key, { from, to, units, events }: RatedRow): Unpriced {
  const { model, serviceTier, adapter, quantity } = key;
  return { model, serviceTier, adapter, quantity, from, to, units, events };
}

function linesOf(key: Key, rated: RatedRow, row: PriceRow): RatedLine[] {
  const { model, serviceTier, adapter, quantity } = key;
  const { from, to } = rated;
  const { catalogVersion, overrideId, aboveContext } = row;
  const carrier = Math.max(
    0,
    rated.parts.findIndex(({ units }) => units !== 0n),
  );
  return rated.parts.map((part, index) => ({
    model,
    serviceTier,
    adapter,
    quantity,
    from,
    to,
    aboveContext,
    catalogVersion,
    overrideId,
    ...moneyOf(part),
    events: index === carrier ? rated.events : 0n,
    digestA: index === carrier ? BigInt.asUintN(64, rated.digestA) : 0n,
    digestB: index === carrier ? BigInt.asUintN(64, rated.digestB) : 0n,
  }));
}

function moneyOf({ part, units, femtoPerUnit, amountFemto, freeFemto, discountFemto }: RatedPart) {
  return { part, units, femtoPerUnit, amountFemto, freeFemto, discountFemto };
}
