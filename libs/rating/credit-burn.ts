// What a month takes of prepaid credits, in minor units: one law for the invoice that records it and for the limiter that enforces it.
import type { Credit } from '../events/account.js';
import { parseMoney, roundToMinor } from '../money/money.js';
import type { Period } from '../time/month.js';
import { burnOrder } from './charge/prepaid-credit.js';
import type { RatedMonth } from './rated-month.js';

export interface CreditBurn {
  readonly credit: Credit;
  readonly amountMinor: bigint;
  /** What the credit has left afterwards. */
  readonly leftMinor: bigint;
}

export interface BurnInput {
  readonly credits: readonly Credit[];
  /** The month that is paid for. */
  readonly period: Period;
  /** What is to be paid; 0 or less takes nothing. */
  readonly dueMinor: bigint;
  /** Digits of the currency's minor unit. */
  readonly digits: number;
  /** Taken before, by the id of the credit. */
  readonly burnt: ReadonlyMap<string, bigint>;
}

/**
 * 30.00 due, 20.00 of a promotion that expires and 50.00 bought: 20.00 and 10.00, and 40.00 are left. A credit pays for a month in
 * which it was in force at any time, by priority, then the earlier expiry, then the earlier grant. What of it is less than a minor
 * unit pays nothing.
 */
export function burnForMonth({
  credits,
  period,
  dueMinor,
  digits,
  burnt,
}: BurnInput): CreditBurn[] {
  let due = dueMinor;
  const burns: CreditBurn[] = [];
  for (const credit of burnOrder(credits.filter((one) => isInForceIn(one, period)))) {
    const left = minorOf(credit, digits) - (burnt.get(credit.id) ?? 0n);
    const amountMinor = left < due ? left : due;
    if (amountMinor <= 0n) continue;
    due -= amountMinor;
    burns.push({ credit, amountMinor, leftMinor: left - amountMinor });
  }
  return burns;
}

/** Whether a credit is in force at any time of a month. */
export function isInForceIn({ grantedAt, expiresAt }: Credit, { from, to }: Period): boolean {
  return grantedAt < to && (expiresAt === null || expiresAt > from);
}

/** A credit's whole minor units. */
export function minorOf({ amount }: Credit, digits: number): bigint {
  return parseMoney(amount) / 10n ** BigInt(15 - digits);
}

/** A month that is over: what its invoice's subtotal is, exact. */
export interface MonthDue {
  readonly period: Period;
  readonly femto: bigint;
}

/** What a month comes to before taxes: what usage costs, fees and what fell short of a minimum. */
export function dueOf({ spentFemto, feesFemto, commitmentFemto }: RatedMonth): bigint {
  return spentFemto + feesFemto + commitmentFemto;
}

/** What is taken of each credit by its id once these months are paid too, in the order of time; minor units. */
export function burnMonths({
  months,
  burnt: before,
  ...of
}: Pick<BurnInput, 'credits' | 'digits' | 'burnt'> & {
  readonly months: readonly Pick<BurnInput, 'period' | 'dueMinor'>[];
}): Map<string, bigint> {
  const burnt = new Map(before);
  for (const month of months.toSorted((a, b) => a.period.from - b.period.from))
    for (const { credit, amountMinor } of burnForMonth({ ...of, ...month, burnt }))
      burnt.set(credit.id, (burnt.get(credit.id) ?? 0n) + amountMinor);
  return burnt;
}

/** What months took of each credit by its id, minor units: each rounded as its invoice rounds, in the order of time. */
export function burntBy(
  credits: readonly Credit[],
  dues: readonly MonthDue[],
  digits: number,
): Map<string, bigint> {
  const months = dues.map(({ period, femto }) => ({
    period,
    dueMinor: roundToMinor(femto, digits),
  }));
  return burnMonths({ credits, months, digits, burnt: new Map() });
}

/** What credits in force at an instant have left, femto-units. */
export function creditsLeftFemto(
  credits: readonly Credit[],
  burnt: ReadonlyMap<string, bigint>,
  { digits, at }: { readonly digits: number; readonly at: number },
): bigint {
  const unit = 10n ** BigInt(15 - digits);
  return credits
    .filter(({ grantedAt, expiresAt }) => grantedAt <= at && (expiresAt === null || at < expiresAt))
    .reduce((sum, { id, amount }) => sum + parseMoney(amount) - (burnt.get(id) ?? 0n) * unit, 0n);
}
