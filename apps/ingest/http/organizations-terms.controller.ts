import { randomUUID } from 'node:crypto';
import { Body, Controller, Param, Post, Put } from '@nestjs/common';
import { AccountStore } from '#libs/accounts/account.store.js';
import { creditOf, overrideOf, type SpendLimit, spendLimitOf } from '#libs/events/account.js';
import type { WrittenContract } from '#libs/events/written-terms.js';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { type AskedSpendLimit, decideCredit, decideSpendLimit } from '../domain/decide-money.js';
import { decideTier } from '../domain/decide-organization.js';
import { decideOverride } from '../domain/decide-override.js';
import { AccountCommands, type Outcome } from '../store/account-commands.js';
import { FactPositions } from '../store/fact-positions.js';
import { instantOf, instantOrNull } from './instants.js';
import {
  CONDITIONS,
  CreditBody,
  OverrideBody,
  SpendLimitBody,
  TierBody,
} from './organizations.dto.js';
import { toCredit, toOverride, toSpendLimit, toTier } from './organizations-view.js';
import { RequestKey } from './request-key.js';

const ALERTS = [50, 80, 100];
const PRIORITY = 50;

/** What an organization is on: its tier, its limit, its own prices and its credits. */
@Controller('v1/organizations/:id')
@RequireScope('admin')
export class OrganizationTermsController {
  constructor(
    private readonly commands: AccountCommands,
    private readonly positions: FactPositions,
    private readonly accounts: AccountStore,
  ) {}

  /** Another tier from a whole hour on; what was planned for later is replaced. */
  @Post('tier')
  @Idempotent()
  async tier(
    @Param('id') id: string,
    @Body() body: TierBody,
    @RequestKey() request: string | null,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    const asked = {
      tier: body.tier,
      effectiveFrom: instantOf(body.effective_from, '/effective_from'),
    };
    const outcome = await this.commands.decideKnown(id, request, (ground, account) =>
      decideTier(ground, account, asked),
    );
    const { tier, effectiveFrom: from } = outcome.fact;
    return this.answer(id, outcome, toTier({ tier, from }));
  }

  /** What the organization, or a project of it, may spend in a month; acts at once. */
  @Put('spend-limit')
  async spendLimit(
    @Param('id') id: string,
    @Body() body: SpendLimitBody,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    const asked: AskedSpendLimit = {
      project: body.project ?? null,
      amount: body.amount,
      mode: body.mode ?? 'hard',
      alerts: body.alerts ?? ALERTS,
      effectiveFrom: instantOf(body.effective_from, '/effective_from'),
    };
    const outcome = await this.commands.decideKnown(id, null, ({ now }, account) =>
      decideSpendLimit(now, account, asked),
    );
    const said = outcome.fact ? spendLimitOf(outcome.fact) : await this.known(id, asked);
    return this.answer(id, outcome, toSpendLimit(said));
  }

  /** Own prices or limits for one model, or conditions for all usage. */
  @Post('overrides')
  @Idempotent()
  async override(
    @Param('id') id: string,
    @Body() body: OverrideBody,
    @RequestKey() request: string | null,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    const asked = {
      overrideId: `ovr_${randomUUID().replaceAll('-', '')}`,
      model: body.model ?? null,
      serviceTier: body.service_tier ?? null,
      ...(body.project == null ? {} : { project: body.project }),
      prices: body.prices ?? {},
      limits: body.limits ?? {},
      contract: conditionsOf(body),
      effectiveFrom: instantOf(body.effective_from, '/effective_from'),
      effectiveTo: instantOrNull(body.effective_to, '/effective_to'),
    };
    const outcome = await this.commands.decideKnown(id, request, (ground, account) =>
      decideOverride(ground, account, asked),
    );
    return this.answer(id, outcome, toOverride(overrideOf(outcome.fact)));
  }

  /** Prepaid money, put against invoices in order of priority. */
  @Post('credits')
  @Idempotent()
  async credit(
    @Param('id') id: string,
    @Body() body: CreditBody,
    @RequestKey() request: string | null,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    const asked = {
      creditId: `crd_${randomUUID().replaceAll('-', '')}`,
      amount: body.amount,
      expiresAt: instantOrNull(body.expires_at, '/expires_at'),
      priority: body.priority ?? PRIORITY,
      note: body.note ?? null,
    };
    const outcome = await this.commands.decideKnown(id, request, ({ now }, account) =>
      decideCredit(now, account, asked),
    );
    return this.answer(id, outcome, toCredit(creditOf(outcome.fact)));
  }

  private async answer<View extends object>(
    organization: string,
    outcome: Outcome<unknown>,
    view: View,
  ) {
    return { ...view, organization, position: await this.positions.of(outcome) };
  }

  // The limit that was asked for again.
  private async known(id: string, asked: AskedSpendLimit): Promise<SpendLimit> {
    const account = await this.accounts.find(id);
    const last = account?.spendLimits.findLast(({ project }) => project === asked.project);
    if (!last) throw new RangeError(`${id} has no spend limit to repeat`);
    return last;
  }
}

// null says something, what is left out does not.
function conditionsOf(body: OverrideBody): WrittenContract {
  const said = CONDITIONS.filter((name) => body[name] !== undefined);
  return Object.fromEntries(said.map((name) => [name, body[name]]));
}
