// An organization's prepaid credits with what became of them: its account, what invoices took, and the drafts of months without one.
import type { AccountStore } from '#libs/accounts/account.store.js';
import { isInForceIn } from '#libs/rating/credit-burn.js';
import { monthOf, type Period } from '#libs/time/month.js';
import { type CreditBalance, creditBalance, type OpenMonth } from '../domain/credit-balance.js';
import { minorDigits } from '../domain/currency.js';
import type { BasisStore } from './basis.store.js';
import type { CreditBurnStore } from './credit-burn.store.js';

export interface StandingBalance {
  readonly currency: string;
  readonly digits: number;
  readonly balance: CreditBalance;
}

export class CreditBalanceStore {
  constructor(
    private readonly stores: {
      readonly accounts: AccountStore;
      readonly basis: BasisStore;
      readonly burns: CreditBurnStore;
    },
  ) {}

  /** As it stands at `now`, epoch ms; undefined: the organization is not registered. */
  async find(organization: string, now: number): Promise<StandingBalance | undefined> {
    const { accounts, burns } = this.stores;
    const account = await accounts.find(organization);
    if (!account) return undefined;
    const { credits, profile } = account;
    const digits = minorDigits(profile.currency);
    const uses = await burns.usesOf(organization);
    const closed = new Set(await burns.closedMonths(organization, now));
    const months = monthsUntil(now, Math.min(now, ...credits.map(({ grantedAt }) => grantedAt)));
    const open: OpenMonth[] = [];
    for (const period of months)
      if (!closed.has(period.from) && credits.some((credit) => isInForceIn(credit, period)))
        open.push({ period, dueMinor: await this.dueOf(organization, period) });
    const balance = creditBalance({ credits, uses, open, digits, now });
    return { currency: profile.currency, digits, balance };
  }

  private async dueOf(organization: string, period: Period): Promise<bigint> {
    const { draft, isBilledLater } = await this.stores.basis.read(organization, period);
    // What is missing of a month that a later invoice adjusts comes there.
    return isBilledLater ? 0n : (draft?.subtotalMinor ?? 0n);
  }
}

function monthsUntil(now: number, first: number): Period[] {
  const months: Period[] = [];
  for (let at = monthOf(first).from; at <= now; at = monthOf(at).to) months.push(monthOf(at));
  return months;
}
