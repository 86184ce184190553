// Published price lists of other providers, for comparisons: loaded by an operator from a file that he has.
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { IsDefined, IsIn, IsOptional, Matches } from 'class-validator';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Describe } from '#libs/http/fields.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { invalidField, Problem } from '#libs/http/problem.js';
import { importGenaiPrices } from '#libs/rating/import/genai-prices.js';
import type { Imported, ImportedModel, RefusedEntry } from '#libs/rating/import/imported-model.js';
import { importLitellm } from '#libs/rating/import/litellm.js';
import { importOwnList } from '#libs/rating/import/own-list.js';
import { formatInstant, parseInstant } from '#libs/time/instant.js';
import { ageInDays } from '../domain/comparison.js';
import { type PriceList, PriceListStore } from '../store/price-list.store.js';
import { BillingClock } from './billing-clock.js';

const SOURCES = ['litellm', 'genai_prices', 'own'] as const;
/** So many of the entries that were not taken are named; all are counted. */
const NAMED = 100;

export class PriceListBody {
  @Describe(
    'litellm: the LiteLLM price map; genai_prices: the genai-prices catalogue; own: a list written down by yourself',
  )
  @IsIn(SOURCES, { message: `must be one of ${SOURCES.join(', ')}` })
  source!: (typeof SOURCES)[number];

  @Describe('The day that the list is of: 2026-08-06')
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a day such as 2026-08-06' })
  as_of!: string;

  @Describe('What the list is called where its prices are shown')
  @IsOptional()
  @Matches(/^\P{Cc}{1,200}$/u, { message: 'must be a text of 1 to 200 characters' })
  title?: string;

  @Describe('Where the list was published')
  @IsOptional()
  @Matches(/^https?:\/\/[!-~]{1,500}$/, { message: 'must be an http or https URL' })
  url?: string;

  @Describe(
    "The file's JSON as it is; own: {provider: {model: {on_demand: {input: 'USD per million'}}}}",
  )
  @IsDefined()
  prices!: unknown;
}

@Controller('v1/price-lists')
export class PriceListsController {
  constructor(
    private readonly priceLists: PriceListStore,
    private readonly time: BillingClock,
  ) {}

  /** 201 with what was taken and what was not; a list of the same source and day is replaced. */
  @Post()
  @RequireScope('admin')
  @Idempotent()
  async load(@Body() body: PriceListBody, @CurrentCaller() caller: Caller) {
    if (caller.organization !== null)
      throw new Problem(403, 'unbound_key_needed', 'Price lists are for all organizations.');
    const { source, as_of: asOf, title = null, url = null } = body;
    const day = parseInstant(`${asOf}T00:00:00Z`);
    if (day === undefined) throw invalidField('/as_of', 'must be a day such as 2026-08-06');
    if (day > this.time.now()) throw invalidField('/as_of', 'must not be in the future');
    const { models, refused, leftOut } = imported(source, body.prices, asOf);
    const id = `prl_${randomUUID().replaceAll('-', '')}`;
    const counts = { models: models.length, refused: refused.length };
    const list = { id, source, asOf, ...counts, loadedAt: this.time.now(), title, url };
    await this.priceLists.load(list, models, caller.keyId);
    return {
      ...listView(list, this.time.now()),
      left_out: leftOut.length,
      refused_entries: refused.slice(0, NAMED),
    };
  }

  /** Every list that is loaded, the newest first; a comparison takes the newest of each source. */
  @Get()
  @RequireScope('billing:read')
  async list() {
    const now = this.time.now();
    const lists = await this.priceLists.lists();
    return { data: lists.map((list) => listView(list, now)), next_cursor: null };
  }
}

/** A list without its prices. */
export function listView(list: PriceList, now: number) {
  const { id, source, asOf, models, refused, loadedAt, title, url } = list;
  return {
    id,
    source,
    as_of: asOf,
    age_days: ageInDays(asOf, now),
    models,
    refused,
    loaded_at: formatInstant(loadedAt),
    title,
    url,
  };
}

const IMPORT = { litellm: importLitellm, genai_prices: importGenaiPrices, own: importOwnList };

function imported(source: PriceListBody['source'], prices: unknown, asOf: string): Imported {
  try {
    return withoutRepeats(IMPORT[source](prices, { asOf }));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new Problem(422, 'invalid_price_list', `/prices: ${error.message}`, {
        errors: [{ pointer: '/prices', code: 'invalid_price_list', detail: error.message }],
      });
    throw error;
  }
}

// A name counts once, and what repeats it is told.
function withoutRepeats({ models, refused, leftOut }: Imported): Imported {
  const taken = new Map<string, ImportedModel>();
  const repeats: RefusedEntry[] = [];
  for (const one of models) {
    const entry = `${one.provider}/${one.model}`;
    if (/\p{Cc}/u.test(entry)) repeats.push({ entry, reason: 'a name with control characters' });
    else if (taken.has(entry)) repeats.push({ entry, reason: 'named twice: the first is taken' });
    else taken.set(entry, one);
  }
  return { models: [...taken.values()], refused: [...refused, ...repeats], leftOut };
}
