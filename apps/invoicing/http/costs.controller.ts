// What was charged, day by day, as OpenAI's SDKs ask for it: `client.admin.organization.usage.costs`.
import { Controller, Get, Headers, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { OpenAiErrors } from '#libs/http/openai-errors.js';
import { openAiOrganization } from '#libs/http/openai-organization.js';
import { decodeCursor, encodeCursor } from '#libs/http/page.js';
import { invalidField, notFound } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { DAY_MS, SECOND_MS } from '#libs/time/instant.js';
import { type CostPage, costPage, costResults } from '../domain/openai-costs.js';
import { CostsStore } from '../store/costs.store.js';
import { BillingClock } from './billing-clock.js';
import { CostsQuery } from './costs.dto.js';

@Controller('v1/organization/costs')
@OpenAiErrors()
export class CostsController {
  constructor(
    private readonly costs: CostsStore,
    private readonly positions: PositionStore,
    private readonly time: BillingClock,
  ) {}

  /**
   * Days (UTC), those without costs too; the days of a month sum to the subtotal of its invoice, or of its draft.
   */
  @Get()
  @RequireScope('billing:read', 'usage:read')
  async find(
    @Query() query: CostsQuery,
    @CurrentCaller() caller: Caller,
    @Headers('openai-organization') asked?: string,
  ) {
    const organization = openAiOrganization(caller, asked);
    const page = pageIn(query, this.time.now());
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const currency = await this.costs.currencyOf(organization);
    if (currency === undefined)
      throw notFound('unknown_organization', `There is no organization ${organization}.`);
    const costs = await this.costs.between(organization, page);
    const byDay = Map.groupBy(costs, ({ day }) => day);
    const { group_by: groups = [], project_ids: projects, line_items: lineItems } = query;
    const filter = { ...(projects && { projects }), ...(lineItems && { lineItems }) };
    const data = daysOf(page).map((day) => ({
      object: 'bucket',
      start_time: day / SECOND_MS,
      end_time: (day + DAY_MS) / SECOND_MS,
      results: costResults(byDay.get(day) ?? [], groups, filter, currency),
    }));
    const { next } = page;
    const next_page = next === null ? null : encodeCursor(next);
    return { object: 'page', data, has_more: next !== null, next_page, as_of };
  }
}

function pageIn(query: CostsQuery, now: number): CostPage {
  const end = query.end_time === undefined ? now : query.end_time * SECOND_MS;
  const first = query.start_time * SECOND_MS;
  if (end <= first) throw invalidField('?end_time', 'must be after start_time');
  for (const name of ['project_ids', 'line_items'] as const)
    if (query[name]?.some((text) => /\p{Cc}/u.test(text)))
      throw invalidField(`?${name}`, 'must not have control characters');
  return costPage({ start: Math.max(first, startIn(query.page) ?? first), end }, query.limit);
}

function startIn(page: string | undefined): number | undefined {
  if (page === undefined) return undefined;
  try {
    return decodeCursor<number>(page, Number.isSafeInteger);
  } catch {
    throw invalidField('?page', 'is not a next_page that this list gave out', 'invalid_cursor');
  }
}

function daysOf({ from, to }: CostPage): number[] {
  return Array.from({ length: (to - from) / DAY_MS }, (_, index) => from + index * DAY_MS);
}
