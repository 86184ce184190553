// Drafts that wait for a person, and the person's word that they may go.
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { IsOptional, Matches, MaxLength } from 'class-validator';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Describe, IsMonthText, IsOrganizationId, toMonth } from '#libs/http/fields.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { PageQuery, pageOf } from '#libs/http/page.js';
import { notFound, Problem } from '#libs/http/problem.js';
import { formatInstant } from '#libs/time/instant.js';
import { parseExact } from '../domain/count.js';
import { type ParkedRow, ParkedStore } from '../store/parked.store.js';
import { BillingClock } from './billing-clock.js';
import { parkedPlace, placeOf } from './parked-page.js';

export class ReleaseBody {
  @Describe('Why it may be issued as it is; kept with who said so and when.')
  @MaxLength(1_000)
  @Matches(/\S/, { message: 'must say why' })
  reason!: string;
}

export class ParkedQuery extends PageQuery {
  @Describe('Only of this organization; with a bound key, its own.')
  @IsOptional()
  @IsOrganizationId()
  organization?: string;

  @Describe('Only of this calendar month (UTC).')
  @IsOptional()
  @IsMonthText()
  period?: string;
}

@Controller('v1/parked-invoices')
export class ParkedInvoicesController {
  constructor(
    private readonly parked: ParkedStore,
    private readonly time: BillingClock,
  ) {}

  /** What waits, the oldest first; a bound key sees its organization's. */
  @Get()
  @RequireScope('billing:read')
  async list(@Query() query: ParkedQuery, @CurrentCaller() caller: Caller) {
    if (query.organization !== undefined) assertMayRead(caller, query.organization);
    const filter = {
      organization: query.organization ?? caller.organization,
      ...(query.period !== undefined && { period: toMonth(query.period, '?period') }),
      ...(query.cursor !== undefined && { after: parkedPlace(query.cursor) }),
    };
    const waiting = await this.parked.waiting(filter, query.limit + 1);
    const { data, next_cursor } = pageOf(waiting, query.limit, placeOf);
    return { data: data.map(parkedView), next_cursor };
  }

  /** One, released or not; 404 `unknown_parked_invoice`. */
  @Get(':id')
  @RequireScope('billing:read')
  async one(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    return parkedView(await this.find(id, caller));
  }

  /** Lets these very figures be issued by the next run of the month; 409 when released before or superseded. */
  @Post(':id/release')
  @HttpCode(200)
  @RequireScope('billing:write')
  @Idempotent()
  async release(
    @Param('id') id: string,
    @Body() { reason }: ReleaseBody,
    @CurrentCaller() caller: Caller,
  ) {
    await this.find(id, caller);
    if (caller.organization !== null)
      throw new Problem(403, 'unbound_key_needed', 'Nobody releases an invoice to himself.');
    const by = { caller: caller.keyId, reason, at: this.time.now() };
    if (!(await this.parked.release(id, by)))
      throw new Problem(409, 'not_parked', `${id} was released before, or its figures changed.`);
    return parkedView(await this.find(id, caller));
  }

  private async find(id: string, caller: Caller): Promise<ParkedRow> {
    const row = await this.parked.find(id);
    if (!row) throw notFound('unknown_parked_invoice', `There is no parked invoice ${id}.`);
    assertMayRead(caller, row.organization);
    return row;
  }
}

function parkedView(row: ParkedRow) {
  return {
    id: row.id,
    organization: row.organization,
    reason: row.reason,
    detail: row.detail,
    parked_at: instant(row.parked_at),
    superseded: row.is_superseded,
    released_at: instant(row.released_at),
    released_by: row.released_by,
    release_reason: row.release_reason,
    invoice: parseExact(row.document),
  };
}

function instant(ms: string | null): string | null {
  return ms === null ? null : formatInstant(Number(ms));
}
