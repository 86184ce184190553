// What an organization is on, what is left, and what it costs.
import { Controller, Get, Param, Query } from '@nestjs/common';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { toMonth } from '#libs/http/fields.js';
import { notFound, type Problem } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { QuotaReader } from '../store/quota-reader.js';
import { modelLimitsView, planView } from './limits.view.js';
import { LimitsQuery, SpendQuery } from './organization.dto.js';
import { spendView } from './spend.view.js';

@Controller('v1/organizations/:id')
export class OrganizationsController {
  constructor(
    private readonly reader: QuotaReader,
    private readonly positions: PositionStore,
  ) {}

  /** The current plan first, then each limit of each model as it is now. */
  @Get('limits')
  @RequireScope('usage:read')
  async limits(
    @Param('id') id: string,
    @Query() query: LimitsQuery,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.reader.limits(id, query.model);
    if (!found) throw unknownOrganization(id);
    return {
      organization: id,
      plan: planView(found.terms, found.now),
      profile: found.terms.account.profile.profile,
      models: found.models.map(modelLimitsView),
      as_of,
    };
  }

  /** What the month costs so far, by the same rating as its invoice, against the spend limit. */
  @Get('spend')
  @RequireScope('usage:read')
  async spend(
    @Param('id') id: string,
    @Query() query: SpendQuery,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    const period = query.period === undefined ? undefined : toMonth(query.period, '?period');
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.reader.spend(id, period);
    if (!found) throw unknownOrganization(id);
    return { ...spendView(found), as_of };
  }
}

function unknownOrganization(id: string): Problem {
  return notFound('unknown_organization', `There is no organization ${id}.`);
}
