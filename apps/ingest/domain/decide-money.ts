// Spend limits and credits: what an organization may spend, and what it was given.
import type { Account } from '#libs/events/account.js';
import type { AccountFact } from '#libs/events/account-facts.js';
import { minorDigits } from '#libs/money/currency.js';
import { amountFault } from './amount.js';
import { limitInstantFault } from './effective-time.js';
import { decided, type Decided } from './fault.js';

export interface AskedSpendLimit {
  readonly project: string | null;
  /** null lifts the limit. */
  readonly amount: string | null;
  readonly mode: 'hard' | 'soft';
  readonly alerts: readonly number[];
  readonly effectiveFrom: number | undefined;
}

/** A limit acts at once unless a later instant is asked for. Null when the last decision for the project said the same. */
export function decideSpendLimit(
  now: number,
  account: Account,
  asked: AskedSpendLimit,
): Decided<(AccountFact & { type: 'SpendLimitSet' }) | null> {
  const { project, amount, mode } = asked;
  const alerts = [...new Set(asked.alerts)].toSorted((left, right) => left - right);
  const last = account.spendLimits.findLast((limit) => limit.project === project);
  const isKnown =
    last !== undefined &&
    last.amount === amount &&
    last.mode === mode &&
    last.alerts.join() === alerts.join() &&
    (asked.effectiveFrom === undefined ? last.from <= now : last.from === asked.effectiveFrom);
  if (isKnown) return { decided: null };
  return decided(
    {
      type: 'SpendLimitSet',
      version: 1,
      recordedAt: now,
      organization: account.id,
      project,
      amount,
      mode,
      alerts,
      effectiveFrom: asked.effectiveFrom ?? now,
    },
    [
      amount === null
        ? undefined
        : amountFault(amount, { pointer: '/amount', zero: true, places: 15 }),
      limitInstantFault(asked.effectiveFrom, now),
    ],
  );
}

export interface AskedCredit {
  readonly creditId: string;
  readonly amount: string;
  readonly expiresAt: number | null;
  readonly priority: number;
  readonly note: string | null;
}

/** A credit is above zero and in whole minor units (it is put against invoices), and ends, if it does, in the future. */
export function decideCredit(
  now: number,
  account: Account,
  asked: AskedCredit,
): Decided<AccountFact & { type: 'CreditGranted' }> {
  const places = minorDigits(account.profile.currency);
  return decided(
    {
      type: 'CreditGranted',
      version: 1,
      recordedAt: now,
      organization: account.id,
      creditId: asked.creditId,
      amount: asked.amount,
      expiresAt: asked.expiresAt,
      priority: asked.priority,
      note: asked.note,
    },
    [
      amountFault(asked.amount, { pointer: '/amount', zero: false, places }),
      expiryFault(asked.expiresAt, now),
    ],
  );
}

/** `in_the_past` for an expiry that is not ahead of us. */
export function expiryFault(
  expiresAt: number | null,
  now: number,
): { pointer: string; code: string; detail: string } | undefined {
  if (expiresAt === null || expiresAt > now) return undefined;
  return { pointer: '/expires_at', code: 'in_the_past', detail: 'it would have expired already' };
}
