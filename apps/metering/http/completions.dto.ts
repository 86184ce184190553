// The parameters of GET /v1/organization/usage/completions, named as OpenAI names them.
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsListOf } from '#libs/http/fields.js';
import {
  BUCKET_WIDTHS,
  type BucketWidth,
  OPENAI_GROUPS,
  type OpenAiGroup,
} from '../domain/openai-usage.js';

const WIDTHS = Object.keys(BUCKET_WIDTHS);

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

export class CompletionsQuery extends AtLeastQuery {
  @IsInt()
  @Min(0)
  @Max(LAST_SECOND)
  @Describe('Unix seconds; the bucket that holds it is the first')
  start_time!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LAST_SECOND)
  @Describe('Unix seconds, exclusive; now when absent')
  end_time?: number;

  @IsOptional()
  @IsIn(WIDTHS, { message: 'must be 1h or 1d: usage is kept by the hour, 1m is not to be had' })
  bucket_width: BucketWidth = '1d';

  @IsOptional()
  @IsInt()
  @Min(1)
  @Describe('Buckets a page: of 1d 7 when absent and at most 31, of 1h 24 and at most 168')
  limit?: number;

  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  page?: string;

  @IsOptional()
  @IsListOf(OPENAI_GROUPS)
  group_by?: OpenAiGroup[];

  @IsOptional()
  @IsListOf()
  models?: string[];

  @IsOptional()
  @IsListOf()
  project_ids?: string[];

  @IsOptional()
  @IsListOf()
  api_key_ids?: string[];

  @IsOptional()
  @IsListOf()
  @Describe("The end users that the events' data.user names")
  user_ids?: string[];

  @IsOptional()
  @IsBoolean()
  @Describe('true: only batch; false: everything else')
  batch?: boolean;
}
