// Published prices of other providers, for everyone: what the operator's lists say, of which day, and where it is from.
import { Controller, Get, Header, Query } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { Public } from '#libs/http/auth.js';
import { Describe, IsListOf } from '#libs/http/fields.js';
import { decodeCursor, encodeCursor, PageQuery, pageOf } from '#libs/http/page.js';
import { invalidField } from '#libs/http/problem.js';
import { formatPricePerMillion } from '#libs/money/money.js';
import { ageInDays, type ListedPrices } from '../domain/comparison.js';
import type { MatchKind } from '../domain/model-match.js';
import { pairsOf } from '../store/comparing.js';
import { type ListedModel, type PriceList, PriceListStore } from '../store/price-list.store.js';
import { BillingClock } from './billing-clock.js';
import { listView } from './price-lists.controller.js';

/** Each is matched against every name in the lists. */
const MOST_MODELS = 20;

export class ListedPricesQuery extends PageQuery {
  @Describe(
    'Prices of what other providers sell in place of these models, at most 20; of every listed model when absent',
  )
  @IsOptional()
  @IsListOf()
  model?: string[];

  @Describe('Only of these providers, as the lists name them')
  @IsOptional()
  @IsListOf()
  provider?: string[];
}

interface Found {
  /** What was asked for; null in a list of everything. */
  readonly model: string | null;
  readonly match: MatchKind | null;
  readonly theirs: ListedModel;
}

@Controller('v1/price-lists/current')
@Public()
export class ListedPricesController {
  constructor(
    private readonly priceLists: PriceListStore,
    private readonly time: BillingClock,
  ) {}

  /** Of the newest list of each source, USD per million units. `match` says how surely the model is the one asked for. */
  @Get()
  @Header('cache-control', 'public, max-age=60')
  async current(@Query() query: ListedPricesQuery) {
    const lists = await this.priceLists.newest();
    const { found, next_cursor } = await this.find(
      query,
      lists.map(({ id }) => id),
    );
    const prices = await this.priceLists.pricesOf(found.map(({ theirs }) => theirs));
    const now = this.time.now();
    return {
      data: found.map((one, index) => {
        const list = lists.find(({ id }) => id === one.theirs.list) as PriceList;
        return { ...priceView(one, prices[index] ?? {}), ...originOf(list, now) };
      }),
      next_cursor,
      price_lists: lists.map((list) => listView(list, now)),
    };
  }

  private async find({ model, provider, cursor, limit }: ListedPricesQuery, lists: string[]) {
    if (model && model.length > MOST_MODELS)
      throw invalidField('?model', `must be at most ${MOST_MODELS} models`);
    const sold = ({ theirs }: Found): boolean => provider?.includes(theirs.provider) ?? true;
    if (model === undefined && provider === undefined) {
      const after = cursor === undefined ? undefined : decodeCursor<ListedModel>(cursor, isModel);
      const rows = await this.priceLists.page(lists, after, limit + 1);
      const { data, next_cursor } = pageOf(rows, limit, (last) => last);
      return { found: data.map((theirs) => ({ model: null, match: null, theirs })), next_cursor };
    }
    const start = cursor === undefined ? 0 : decodeCursor<number>(cursor, isPlace);
    const listed = await this.priceLists.modelsOf(lists);
    const all: Found[] = model
      ? model.flatMap((one) => pairsOf(one, listed))
      : listed.map((theirs) => ({ model: null, match: null, theirs }));
    const wanted = all.filter(sold);
    const end = start + limit;
    const next_cursor = end < wanted.length ? encodeCursor(end) : null;
    return { found: wanted.slice(start, end), next_cursor };
  }
}

function priceView({ model, match, theirs }: Found, prices: ListedPrices) {
  return {
    provider: theirs.provider,
    model,
    matched_model: theirs.model,
    match,
    currency: 'USD',
    prices: Object.fromEntries(
      Object.entries(prices).map(([tier, pools]) => [
        tier,
        Object.fromEntries(
          Object.entries(pools).map(([pool, { femtoPerUnit, aboveContext }]) => [
            pool,
            {
              price_per_million: formatPricePerMillion(femtoPerUnit),
              above_context: aboveContext.map((one) => ({
                tokens: one.tokens,
                price_per_million: formatPricePerMillion(one.femtoPerUnit),
              })),
            },
          ]),
        ),
      ]),
    ),
  };
}

function originOf({ source, title, url, asOf }: PriceList, now: number) {
  return { source, title, url, as_of: asOf, age_days: ageInDays(asOf, now) };
}

function isPlace(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isModel(value: unknown): boolean {
  const { list, provider, model } = (value ?? {}) as Partial<Record<string, unknown>>;
  return [list, provider, model].every((text) => typeof text === 'string' && !text.includes('\0'));
}
