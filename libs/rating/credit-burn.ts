// What a month takes of prepaid credits, in minor units: one law for the invoice that records it and for the limiter that enforces it.
import type { Credit } from '../events/account.js';
import { parseMoney } from '../money/money.js';
import type { Period } from '../time/month.js';
import { burnOrder } from './charge/prepaid-credit.js';

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
