// Usage as OpenAI's SDKs ask for it: `client.admin.organization.usage.completions`.
import { Controller, Get, Headers, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { OpenAiErrors } from '#libs/http/openai-errors.js';
import { openAiOrganization } from '#libs/http/openai-organization.js';
import { decodeCursor, encodeCursor } from '#libs/http/page.js';
import { invalidField } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { SECOND_MS } from '#libs/time/instant.js';
import { BUCKET_WIDTHS } from '../domain/openai-usage.js';
import {
  CompletionsQueryStore,
  type CompletionsQuestion,
} from '../store/completions-query.store.js';
import { CompletionsQuery } from './completions.dto.js';

@Controller('v1/organization/usage/completions')
@OpenAiErrors()
export class CompletionsController {
  constructor(
    private readonly completions: CompletionsQueryStore,
    private readonly positions: PositionStore,
  ) {}

  /**
   * Buckets of whole UTC hours or days, empty ones too: `start_time` and `end_time` go out to their edges.
   */
  @Get()
  @RequireScope('usage:read')
  async find(
    @Query() query: CompletionsQuery,
    @CurrentCaller() caller: Caller,
    @Headers('openai-organization') asked?: string,
  ) {
    const organization = openAiOrganization(caller, asked);
    const question = questionIn(query, organization, this.completions.clock());
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const { buckets, next } = await this.completions.page(question);
    return {
      object: 'page',
      data: buckets.map(({ from, to, results }) => ({
        object: 'bucket',
        start_time: from / SECOND_MS,
        end_time: to / SECOND_MS,
        results,
      })),
      has_more: next !== null,
      next_page: next === null ? null : encodeCursor(next),
      as_of,
    };
  }
}

function questionIn(
  query: CompletionsQuery,
  organization: string,
  now: number,
): CompletionsQuestion {
  const width = query.bucket_width;
  const { usual, most } = BUCKET_WIDTHS[width];
  const limit = query.limit ?? usual;
  if (limit > most) throw invalidField('?limit', `must be at most ${most} with ${width}`);
  const end = query.end_time === undefined ? now : query.end_time * SECOND_MS;
  const first = query.start_time * SECOND_MS;
  if (end <= first) throw invalidField('?end_time', 'must be after start_time');
  const { batch, models, project_ids, api_key_ids, user_ids } = query;
  for (const [name, texts] of Object.entries({ models, project_ids, api_key_ids, user_ids }))
    if (texts?.some((text) => /\p{Cc}/u.test(text)))
      throw invalidField(`?${name}`, 'must not have control characters');
  return {
    organization,
    start: Math.max(first, startIn(query.page) ?? first),
    end,
    width,
    limit,
    groups: query.group_by ?? [],
    only: {
      ...(models && { model: models }),
      ...(project_ids && { project: project_ids }),
      ...(api_key_ids && { api_key: api_key_ids }),
      ...(user_ids && { end_user: user_ids }),
    },
    ...(batch !== undefined && { batch }),
  };
}

function startIn(page: string | undefined): number | undefined {
  if (page === undefined) return undefined;
  try {
    return decodeCursor<number>(page, Number.isSafeInteger);
  } catch {
    throw invalidField('?page', 'is not a next_page that this list gave out', 'invalid_cursor');
  }
}
