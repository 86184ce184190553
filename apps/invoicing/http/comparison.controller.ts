// Own usage at other providers' published prices.
import { Controller, Get, Query } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { type Caller, CurrentCaller, organizationOf, RequireScope } from '#libs/http/auth.js';
import { Describe, IsListOf, IsMonthText, IsOrganizationId, toMonth } from '#libs/http/fields.js';
import { decodeCursor, encodeCursor, PageQuery } from '#libs/http/page.js';
import { notFound } from '#libs/http/problem.js';
import { formatExact } from '#libs/money/money.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { formatMonth } from '#libs/time/month.js';
import { ageInDays } from '../domain/comparison.js';
import { count } from '../domain/count.js';
import type { MatchKind } from '../domain/model-match.js';
import { type Compared, Comparing } from '../store/comparing.js';
import { BillingClock } from './billing-clock.js';
import { listView } from './price-lists.controller.js';

const MATCHES: readonly MatchKind[] = ['exact', 'alias', 'family'];

export class ComparisonQuery extends PageQuery {
  @Describe('Whose usage; with a bound key, its own.')
  @IsOptional()
  @IsOrganizationId()
  organization?: string;

  @Describe('The calendar month (UTC) of the usage')
  @IsMonthText()
  period!: string;

  @Describe('Only these providers, as the price lists name them')
  @IsOptional()
  @IsListOf()
  provider?: string[];

  @Describe('Only models matched this surely')
  @IsOptional()
  @IsListOf(MATCHES)
  match?: MatchKind[];
}

@Controller('v1/comparison')
export class ComparisonController {
  constructor(
    private readonly comparing: Comparing,
    private readonly positions: PositionStore,
    private readonly time: BillingClock,
  ) {}

  /** By own model, the cheapest first; says which model was taken for which, how surely, and how old the price is. */
  @Get()
  @RequireScope('billing:read')
  async compare(@Query() query: ComparisonQuery, @CurrentCaller() caller: Caller) {
    const organization = organizationOf(caller, query.organization);
    const period = toMonth(query.period, '?period');
    const start = query.cursor === undefined ? 0 : decodeCursor<number>(query.cursor, isPlace);
    const as_of = await this.positions.asOf();
    const found = await this.comparing.compare(organization, period);
    if (!found) throw notFound('unknown_organization', `There is no organization ${organization}.`);
    const now = this.time.now();
    const wanted = found.compared.filter(
      ({ provider, match }) =>
        (query.provider?.includes(provider) ?? true) && (query.match?.includes(match) ?? true),
    );
    const end = start + query.limit;
    return {
      data: wanted.slice(start, end).map((one) => comparedView(one, found.currency, now)),
      next_cursor: end < wanted.length ? encodeCursor(end) : null,
      organization,
      period: formatMonth(period),
      own: { total_exact: formatExact(found.ownFemto), currency: found.currency },
      unmatched: found.unmatched,
      price_lists: found.lists.map((list) => listView(list, now)),
      as_of,
    };
  }
}

function comparedView(one: Compared, currency: string, now: number) {
  const { provider, model, matchedModel, match, list } = one;
  return {
    provider,
    model,
    matched_model: matchedModel,
    match,
    total_exact: formatExact(one.totalFemto),
    currency: 'USD',
    own_exact: formatExact(one.ownFemto),
    own_currency: currency,
    unpriced: [...one.unpriced].map(([pool, units]) => ({ pool, quantity: count(units) })),
    priced_as_on_demand: one.atOnDemand,
    source: list.source,
    as_of: list.asOf,
    age_days: ageInDays(list.asOf, now),
  };
}

function isPlace(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
