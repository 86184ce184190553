// What is left of an organization's prepaid credits, and which invoices took the rest.
import { Controller, Get, Param, Query } from '@nestjs/common';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { notFound } from '#libs/http/problem.js';
import { formatMinor } from '#libs/money/money.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { formatInstant } from '#libs/time/instant.js';
import type { CreditStanding } from '../domain/credit-balance.js';
import { CreditBalanceStore, type StandingBalance } from '../store/credit-balance.store.js';
import { BillingClock } from './billing-clock.js';

@Controller('v1/organizations/:id/credit-balance')
export class CreditBalanceController {
  constructor(
    private readonly balances: CreditBalanceStore,
    private readonly positions: PositionStore,
    private readonly time: BillingClock,
  ) {}

  /** `available` is `remaining` less `pending`, which months without an invoice will take as they stand. 404 `unknown_organization`. */
  @Get()
  @RequireScope('billing:read')
  async balance(
    @Param('id') id: string,
    @Query() query: AtLeastQuery,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.balances.find(id, this.time.now());
    if (!found) throw notFound('unknown_organization', `There is no organization ${id}.`);
    return { organization: id, ...balanceView(found), as_of };
  }
}

function balanceView({ currency, digits, balance }: StandingBalance) {
  const amount = (minor: bigint): string => formatMinor(minor, digits);
  return {
    currency,
    granted: amount(balance.grantedMinor),
    used: amount(balance.usedMinor),
    expired: amount(balance.expiredMinor),
    remaining: amount(balance.remainingMinor),
    pending: amount(balance.pendingMinor),
    available: amount(balance.availableMinor),
    credits: balance.credits.map((one) => creditView(one, amount)),
  };
}

function creditView(standing: CreditStanding, amount: (minor: bigint) => string) {
  const { credit, uses, state, amountMinor, usedMinor, leftMinor, pendingMinor } = standing;
  return {
    id: credit.id,
    note: credit.note,
    priority: credit.priority,
    granted_at: formatInstant(credit.grantedAt),
    expires_at: credit.expiresAt === null ? null : formatInstant(credit.expiresAt),
    state,
    amount: amount(amountMinor),
    used: amount(usedMinor),
    remaining: amount(leftMinor),
    pending: amount(pendingMinor),
    invoices: uses.map(({ invoice, period, amountMinor: minor }) => ({
      number: invoice,
      period: { from: formatInstant(period.from), to: formatInstant(period.to) },
      amount: amount(minor),
    })),
  };
}
