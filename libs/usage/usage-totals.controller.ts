// What this service counted of an organization's month: the question that reconciliation asks each reader.
import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '../http/auth.js';
import { AtLeastQuery } from '../http/at-least.js';
import { IsMonthText, IsOrganizationId, toMonth } from '../http/fields.js';
import { PositionStore } from '../projection/position-store.js';
import { formatMonth, type Period } from '../time/month.js';
import { type ReaderTotals, totalsView } from '../rating/reader-totals.js';

/** The injection token of a service's totals. */
export abstract class UsageTotals {
  /** Out of one snapshot, the positions included. */
  abstract read(organization: string, period: Period): Promise<ReaderTotals>;
}

export class UsageTotalsQuery extends AtLeastQuery {
  @IsOrganizationId()
  organization!: string;

  @IsMonthText()
  period!: string;
}

@Controller('ops/usage-totals')
@RequireScope('ops')
export class UsageTotalsController {
  constructor(
    private readonly totals: UsageTotals,
    private readonly positions: PositionStore,
  ) {}

  /** Requests, quantities, digest and spend of a month, with the positions of the very snapshot that they were read in. */
  @Get()
  async find(@Query() query: UsageTotalsQuery) {
    const period = toMonth(query.period, '?period');
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const found = await this.totals.read(query.organization, period);
    return {
      organization: query.organization,
      period: formatMonth(period),
      ...totalsView(found),
    };
  }
}
