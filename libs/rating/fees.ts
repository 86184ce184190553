// Monthly fees of tiers, for whole calendar months (UTC) and, where the tier changes inside one, for the exact share of its time.
import { parseMoney } from '../money/money.js';
import type { Period } from '../time/month.js';
import { monthOf } from '../time/month.js';
import { prorate } from './charge/proration.js';
import type { Terms } from './price-book.js';
import { changesBetween, termsAt } from './price-book.js';

export interface FeeLine {
  readonly tier: string;
  /** Half-open: the unbroken time on this tier under this catalog version, within the period. */
  readonly from: number;
  readonly to: number;
  readonly monthlyFemto: bigint;
  /** The whole fee for a whole month, else its share: 12 of 30 days of 20.00 are 8.00. */
  readonly amountFemto: bigint;
  readonly catalogVersion: string;
}

/**
 * The fees of a period. Nothing is owed for time before the organization's first fact took effect; a fee by contract (null)
 * and a fee of 0 make no line. Shares are cut at running totals, so that those of one fee sum to it without a femto's loss.
 */
export function feesIn(terms: Terms, period: Period): FeeLine[] {
  const from = Math.max(period.from, terms.account.effectiveFrom);
  const lines: FeeLine[] = [];
  for (let at = from; at < period.to; at = monthOf(at).to) {
    const month = monthOf(at);
    const end = Math.min(month.to, period.to);
    const cuts = [at, ...changesBetween(terms, at, end), end];
    for (const [index, start] of cuts.slice(0, -1).entries())
      addFee(lines, terms, { from: start, to: cuts[index + 1] as number });
  }
  return lines;
}

function addFee(lines: FeeLine[], terms: Terms, span: Period): void {
  const inForce = termsAt(terms, span.from);
  const monthlyFemto = parseMoney(inForce?.tier.monthlyFee ?? '0');
  if (!inForce || monthlyFemto === 0n) return;
  const line = {
    tier: inForce.tier.name,
    monthlyFemto,
    catalogVersion: inForce.catalog.version,
    ...span,
    amountFemto: prorate(monthlyFemto, span, monthOf(span.from)),
  };
  const before = lines.at(-1);
  if (before && continues(before, line))
    lines[lines.length - 1] = {
      ...before,
      to: line.to,
      amountFemto: before.amountFemto + line.amountFemto,
    };
  else lines.push(line);
}

// A month's fee is a line of its own, even when nothing changed since the month before.
function continues(before: FeeLine, line: FeeLine): boolean {
  return (
    before.to === line.from &&
    monthOf(before.from).from === monthOf(line.from).from &&
    before.tier === line.tier &&
    before.catalogVersion === line.catalogVersion
  );
}
