// What became of an organization's prepaid credits: taken by invoices, about to be taken by months that have none yet, expired, left.
import type { Credit } from '#libs/events/account.js';
import { burnMonths, minorOf } from '#libs/rating/credit-burn.js';
import type { Period } from '#libs/time/month.js';

/** A part of a credit that an issued invoice was paid from; minor units. */
export interface CreditUse {
  readonly credit: string;
  readonly invoice: string;
  readonly period: Period;
  readonly amountMinor: bigint;
}

/** A month without an invoice, and what its draft would be paid from credits, at most. */
export interface OpenMonth {
  readonly period: Period;
  readonly dueMinor: bigint;
}

export interface BalanceInput {
  readonly credits: readonly Credit[];
  readonly uses: readonly CreditUse[];
  readonly open: readonly OpenMonth[];
  readonly digits: number;
  readonly now: number;
}

/** Minor units: `amount = used + left`, and of what is left months without an invoice will take `pending`. */
export interface CreditStanding {
  readonly credit: Credit;
  readonly amountMinor: bigint;
  readonly usedMinor: bigint;
  readonly leftMinor: bigint;
  readonly pendingMinor: bigint;
  readonly state: 'active' | 'used' | 'expired';
  readonly uses: readonly CreditUse[];
}

export interface CreditBalance {
  /** Sums of all credits, expired ones too. */
  readonly grantedMinor: bigint;
  readonly usedMinor: bigint;
  /** Left of credits that are in force now. */
  readonly remainingMinor: bigint;
  /** Of that, what months without an invoice will take as they stand. */
  readonly pendingMinor: bigint;
  readonly availableMinor: bigint;
  readonly expiredMinor: bigint;
  readonly credits: readonly CreditStanding[];
}

/** The balance now; credits in the order in which they were granted. */
export function creditBalance({ credits, uses, open, digits, now }: BalanceInput): CreditBalance {
  const used = sumsOf(uses.map(({ credit, amountMinor }) => [credit, amountMinor]));
  // Month after month, as their invoices will.
  const after = burnMonths({ credits, months: open, digits, burnt: used });
  const all = credits.map((credit): CreditStanding => {
    const amountMinor = minorOf(credit, digits);
    const usedMinor = used.get(credit.id) ?? 0n;
    const leftMinor = amountMinor - usedMinor;
    const isOver = credit.expiresAt !== null && credit.expiresAt <= now;
    return {
      credit,
      amountMinor,
      usedMinor,
      leftMinor,
      pendingMinor: (after.get(credit.id) ?? 0n) - usedMinor,
      state: leftMinor === 0n ? 'used' : isOver ? 'expired' : 'active',
      uses: uses.filter((use) => use.credit === credit.id),
    };
  });
  const active = all.filter(({ state }) => state === 'active');
  const over = all.filter(({ state }) => state === 'expired');
  const remainingMinor = sum(active, 'leftMinor');
  const pendingMinor = sum(active, 'pendingMinor');
  return {
    grantedMinor: sum(all, 'amountMinor'),
    usedMinor: sum(all, 'usedMinor'),
    remainingMinor,
    pendingMinor,
    availableMinor: remainingMinor - pendingMinor,
    // What was in force in a month that has no invoice yet still pays for it.
    expiredMinor: sum(over, 'leftMinor') - sum(over, 'pendingMinor'),
    credits: all,
  };
}

function sumsOf(parts: readonly (readonly [string, bigint])[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [key, minor] of parts) sums.set(key, (sums.get(key) ?? 0n) + minor);
  return sums;
}

type Sums = 'amountMinor' | 'usedMinor' | 'leftMinor' | 'pendingMinor';

function sum(all: readonly CreditStanding[], of: Sums): bigint {
  return all.reduce((total, one) => total + one[of], 0n);
}
