// Prepaid credits and the order in which they are burned.
import type { Credit } from '../../events/account.js';
import { parseMoney } from '../../money/money.js';

export interface BurnedCredit {
  readonly credit: Credit;
  readonly femto: bigint;
}

export interface BurnDown {
  /** In the order of burning; credits that gave nothing are left out. */
  readonly applied: readonly BurnedCredit[];
  /** What no credit covered. */
  readonly remainingFemto: bigint;
}

/**
 * Pays an amount from the credits in force at an instant, in their burn order. `amount` of a credit is what is left of it: whoever
 * burned some of it before passes the rest. A credit is in force from its grant until before its expiry. An amount of 0 or
 * less burns nothing.
 */
export function burnDown(credits: readonly Credit[], amountFemto: bigint, at: number): BurnDown {
  const applied: BurnedCredit[] = [];
  let remainingFemto = amountFemto;
  for (const credit of burnOrder(credits)) {
    if (remainingFemto <= 0n) break;
    if (!isInForce(credit, at)) continue;
    const left = parseMoney(credit.amount);
    const femto = left < remainingFemto ? left : remainingFemto;
    if (femto <= 0n) continue;
    applied.push({ credit, femto });
    remainingFemto -= femto;
  }
  return { applied, remainingFemto };
}

/**
 * Priority ascending, then the earlier expiry (to the second; one that never expires is last), then the earlier grant, then the id:
 * of two credits of one priority the one that would be lost first is used first. OpenMeter's order.
 */
export function burnOrder(credits: readonly Credit[]): readonly Credit[] {
  return credits.toSorted(
    (left, right) =>
      left.priority - right.priority ||
      compare(expirySecond(left), expirySecond(right)) ||
      left.grantedAt - right.grantedAt ||
      compare(left.id, right.id),
  );
}

function isInForce({ grantedAt, expiresAt }: Credit, at: number): boolean {
  return grantedAt <= at && (expiresAt === null || at < expiresAt);
}

function expirySecond({ expiresAt }: Credit): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : Math.floor(expiresAt / 1_000);
}

function compare<Value extends string | number>(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
