// What an invoice charges for, exact and not yet rounded: usage at list price, fees, late usage of closed months, and the credit
// that takes back what was used on a free tier.
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import type { CommitmentLine, FeeLine, RatedLine, RatedMonth } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import type { LateMonth } from './adjustment.js';
import type { LateCharge } from './late-charges.js';
import { type InvoiceTax, taxName } from './tax.js';

export type LineKind = 'usage' | 'fee' | 'commitment' | 'credit' | 'adjustment' | 'tax';

/** Usage under one price row, as it is billed; null in a line that is not about usage. */
export type BilledUsage = RatedLine;

/** A share of a charge, exact. */
export interface ChargePart {
  readonly bills: Period;
  readonly femto: bigint;
}

/** One line before cents are given to it. */
export interface Charge {
  readonly kind: LineKind;
  readonly description: string;
  /** The month that it bills: the invoice's own, or for an adjustment the one that was closed. */
  readonly bills: Period;
  readonly from: number;
  readonly to: number;
  readonly amountFemto: bigint;
  readonly usage: BilledUsage | null;
  readonly fee: FeeLine | null;
  /** Of an adjustment: the invoice that it corrects, null when that month was closed without one. */
  readonly corrects: string | null;
  /** Of a credit: how much of it is for which month; absent: all of it is for the month that it bills. */
  readonly parts?: readonly ChargePart[];
  /** Of an adjustment that is about no usage: what it adjusts. */
  readonly late: LateCharge['kind'] | null;
}

/** The charges of a month in their order on the invoice: usage, fees, adjustments by month, then the free tier's credit. */
export function chargesOf(
  period: Period,
  rated: RatedMonth,
  late: readonly LateMonth[],
): readonly Charge[] {
  const usage = rated.lines.map((line) => usageCharge(period, line));
  const fees = rated.fees.map((fee) => feeCharge(period, fee));
  const adjustments = late
    .toSorted((left, right) => left.period.from - right.period.from)
    .flatMap((month) => [
      ...month.lines.map((line) => adjustmentCharge(month, line)),
      ...(month.charges ?? []).map((charge) => lateCharge(month, charge)),
    ]);
  const commitments = rated.commitments.map((line) => commitmentCharge(period, line));
  const charges = [...usage, ...fees, ...commitments, ...adjustments];
  return [...charges, ...creditsOf(period, charges)];
}

function usageCharge(period: Period, line: RatedLine): Charge {
  return {
    ...NOTHING,
    kind: 'usage',
    description: nameOf(line),
    bills: period,
    from: line.from,
    to: line.to,
    amountFemto: line.amountFemto,
    usage: line,
  };
}

function adjustmentCharge(month: LateMonth, line: RatedLine): Charge {
  return {
    ...usageCharge(month.period, line),
    kind: 'adjustment',
    description: `Late usage: ${nameOf(line)}`,
    corrects: month.number,
  };
}

const LATE_NAMES = { fee: 'monthly fee', commitment: 'minimum commitment' } as const;

function lateCharge({ period, number }: LateMonth, { kind, amountFemto }: LateCharge): Charge {
  return {
    ...NOTHING,
    ...period,
    kind: 'adjustment',
    description: `Late change of the ${LATE_NAMES[kind]}`,
    bills: period,
    amountFemto,
    corrects: number,
    late: kind,
  };
}

function feeCharge(period: Period, fee: FeeLine): Charge {
  return {
    ...NOTHING,
    kind: 'fee',
    description: `Monthly fee, ${fee.tier}`,
    bills: period,
    from: fee.from,
    to: fee.to,
    amountFemto: fee.amountFemto,
    fee,
  };
}

/** A tax on top of the prices, as a line of its own; it is whole minor units. */
export function taxCharge(
  period: Period,
  { rate, amountMinor }: InvoiceTax,
  digits: number,
): Charge {
  return {
    ...NOTHING,
    ...period,
    kind: 'tax',
    description: taxName(rate),
    bills: period,
    amountFemto: amountMinor * 10n ** BigInt(15 - digits),
  };
}

function commitmentCharge(period: Period, line: CommitmentLine): Charge {
  const { tier, from, to, amountFemto } = line;
  const description = `Minimum commitment, ${tier}: what usage fell short of`;
  return { ...NOTHING, kind: 'commitment', description, bills: period, from, to, amountFemto };
}

// Usage stands at list price; what is not charged of it comes off at the end, each reason in one line, late usage's too.
function creditsOf(period: Period, charges: readonly Charge[]): Charge[] {
  const credits: [description: string, femto: (usage: BilledUsage) => bigint][] = [
    ['Usage on the free tier, at no charge', ({ freeFemto }) => freeFemto],
    ['Discounts and caps of the contract', ({ discountFemto }) => discountFemto],
  ];
  return credits.flatMap(([description, femto]) => {
    const months = partsOf(charges, femto);
    const sum = months.reduce((all, part) => all + part.femto, 0n);
    if (sum === 0n) return [];
    const isOfOne = months.every(({ bills }) => bills.from === period.from);
    const line = { ...NOTHING, ...period, kind: 'credit' as const, description, bills: period };
    return [{ ...line, amountFemto: -sum, ...(!isOfOne && { parts: months }) }];
  });
}

function partsOf(charges: readonly Charge[], femto: (usage: BilledUsage) => bigint): ChargePart[] {
  const months = new Map<number, ChargePart>();
  for (const { usage, bills } of charges) {
    const more = usage ? femto(usage) : 0n;
    if (more === 0n) continue;
    months.set(bills.from, { bills, femto: (months.get(bills.from)?.femto ?? 0n) + more });
  }
  return [...months.values()];
}

const NOTHING = { usage: null, fee: null, corrects: null, late: null };

/** `llama-3.1-8b-instant cached_input, batch, adapter tuned-7`. */
function nameOf(line: {
  model: string;
  quantity: Quantity;
  serviceTier: ServiceTier;
  adapter: string | null;
  part: string;
  aboveContext: number;
}): string {
  const adapter = line.adapter === null ? '' : `, adapter ${line.adapter}`;
  const long = line.aboveContext === 0 ? '' : `, input above ${line.aboveContext} tokens`;
  const part = line.part === '' ? '' : `, ${line.part}`;
  return `${line.model} ${line.quantity}, ${line.serviceTier}${adapter}${long}${part}`;
}
